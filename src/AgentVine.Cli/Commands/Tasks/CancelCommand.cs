using System.CommandLine;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task cancel</c></summary>
internal sealed class CancelCommand : DecisionCommand
{
    private readonly Option<string> _reason = new("--reason") { Description = "Kept with the task", HelpName = "text" };

    public CancelCommand(CommandContext context)
        : base(context, "cancel", "Give a task up; its agent is stopped")
    {
        Add(_reason);
    }

    protected override Task<TaskView> DecideAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        run.Client.CancelTaskAsync(id, run.Get(_reason), cancellationToken);
}
