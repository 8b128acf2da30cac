using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Repositories;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>What the queue makes of a repository's changed limits.</summary>
internal sealed class RepositoryLimits(QueuePlaces places) : IRepositoryLimitObserver
{
    public Task OnLimitChangedAsync(IUnitOfWork unit, Guid repositoryId, CancellationToken cancellationToken) => places.LimitChangedAsync(unit, repositoryId);

    public async Task OnBudgetRaisedAsync(IUnitOfWork unit, Guid repositoryId, CancellationToken cancellationToken)
    {
        foreach (var execution in await ExecutionRecords.RefusedOfRepositoryAsync(unit, repositoryId))
        {
            await EndsNowAsync(unit, execution.Id);
        }

        foreach (var order in await unit.QueryAsync<WorkOrderRow>(QueueSql.DelayedOfRepository, new { RepositoryId = repositoryId }))
        {
            await ReleaseAsync(unit, order);
        }
    }

    // An attempt that was refused and has not ended yet: its task need not wait for the next day either.
    private static async Task EndsNowAsync(IUnitOfWork unit, Guid executionId)
    {
        var execution = await ExecutionRecords.LockAsync(unit, executionId);
        if (execution.Refused() is { By.Scope: BudgetScope.Repository } refused)
        {
            refused = refused with { By = refused.By with { Until = unit.Now.Time() } };
            await ExecutionRecords.SpendAsync(unit, execution.Id, execution.Granted, execution.Spent, execution.Metered, refused);
        }
    }

    private static async Task ReleaseAsync(IUnitOfWork unit, WorkOrderRow order)
    {
        if (await unit.ExecuteAsync(QueueSql.LockDelayed, new { order.Id }) == 0)
        {
            return;
        }

        var task = await TaskRecords.LockAsync(unit, order.TaskId);
        if (task.ExecutionId is { } last
            && JsonColumn.Read<TaskError>(task.Error)?.Cause == FailureCause.BudgetSpent
            && (await ExecutionRecords.GetAsync(unit, last)).Refusal() is { Scope: BudgetScope.Repository })
        {
            await unit.ExecuteAsync(QueueSql.MakeDue, new { order.Id, unit.Now });
            task.StatusReason = "its repository's budget of the day was raised";
            await TaskRecords.SaveAsync(unit, task);
        }
    }
}
