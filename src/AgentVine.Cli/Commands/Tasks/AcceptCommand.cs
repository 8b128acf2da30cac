using System.CommandLine;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task accept</c></summary>
internal sealed class AcceptCommand : DecisionCommand
{
    private readonly Option<string> _comment = new("--comment") { Description = "Kept with the task", HelpName = "text" };

    public AcceptCommand(CommandContext context)
        : base(context, "accept", "Accept the work of a task in review")
    {
        Add(_comment);
    }

    protected override Task<TaskView> DecideAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        run.Client.AcceptTaskAsync(id, run.Get(_comment), cancellationToken);
}
