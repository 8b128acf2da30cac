using System.CommandLine;
using AgentVine.Cli.Ids;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task logs</c></summary>
internal sealed class LogsCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on until the task is over; ends with 1 when it failed or was cancelled" };
    private readonly Option<bool> _full = new("--full") { Description = "Whole tool results and thoughts, and the agent program's own machinery" };

    public LogsCommand(CommandContext context)
        : base(context, "logs", "Show what a task's agent said and did")
    {
        Add(_task);
        Add(_follow);
        Add(_full);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var follower = new TaskFollower(run, await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken), run.Get(_full));
        return run.Get(_follow) ? await follower.FollowAsync(cancellationToken) : await follower.ShowAsync(cancellationToken);
    }
}
