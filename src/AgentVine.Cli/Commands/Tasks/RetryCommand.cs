using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary><c>vine task retry</c></summary>
internal sealed class RetryCommand(CommandContext context) : DecisionCommand(context, "retry", "Queue a failed task again")
{
    protected override Task<TaskView> DecideAsync(CommandRun run, Guid id, CancellationToken cancellationToken) =>
        run.Client.RetryTaskAsync(id, cancellationToken);
}
