using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>An agent that asks has had its model calls answered: its account is no longer on trial, however long people take.</summary>
internal sealed class AccountProof(AccountBook accounts) : ITaskObserver
{
    public async Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken)
    {
        if (move is { To: AgentTaskStatus.Waiting, Task.ExecutionId: { } id })
        {
            var execution = await ExecutionRecords.GetAsync(unit, id);
            await accounts.ProveAsync(unit, execution.Account, execution.StartedAt);
        }
    }
}
