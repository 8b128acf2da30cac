using System.CommandLine;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task reject</c></summary>
internal sealed class RejectCommand : DecisionCommand
{
    private readonly Argument<string> _comment = new("comment") { Description = "What the agent is to change" };

    public RejectCommand(CommandContext context)
        : base(context, "reject", "Send the work of a task in review back to its agent")
    {
        Add(_comment);
    }

    protected override Task<TaskView> DecideAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        run.Client.RejectTaskAsync(id, run.Get(_comment)!, cancellationToken);
}
