using System.CommandLine;
using AgentVine.Cli.Ids;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task show</c></summary>
internal sealed class ShowCommand : VineCommand
{
    private readonly Argument<string> _task = TaskArgument.Create();

    public ShowCommand(CommandContext context)
        : base(context, "show", "Show all of a task")
    {
        Add(_task);
    }

    protected override async Task<ExitCode> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var id = await IdFinder.TaskAsync(run, run.Get(_task)!, cancellationToken);
        var task = await run.Client.GetTaskAsync(id, cancellationToken);
        if (run.Json)
        {
            run.WriteData(task);
            return ExitCode.Ok;
        }

        new TaskCard(run.Painter, run.Context.Time).Write(task, await run.Client.ListTaskExecutionsAsync(id, cancellationToken));
        return ExitCode.Ok;
    }
}
