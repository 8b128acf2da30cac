using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>
/// Drops what was in the dead letter for its time, and says so: the task stays failed, with its branch and its log, and can be retried.
/// </summary>
internal sealed class DeadLetterKeeper(IStore store, WorkQueue queue, TasksOptions options, TimeProvider time, ILogger<DeadLetterKeeper> logger)
    : Loop(time, logger)
{
    private const int PerTurn = 100;
    private readonly TimeProvider _time = time;

    protected override TimeSpan Period => TimeSpan.FromMinutes(1);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var due = new { DeadAt = _time.GetUtcNow().Micros() - options.DeadLetterKept.Micros(), Limit = PerTurn };
        var found = await store.ReadAsync(
            Organizations.Default, session => session.QueryAsync<WorkOrderRow>(DeadLetterSql.Due, due), cancellationToken);
        if (found.Count == 0)
        {
            return;
        }

        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                foreach (var order in await unit.QueryAsync<WorkOrderRow>(DeadLetterSql.Due, due))
                {
                    await DropAsync(unit, order);
                }

                return true;
            },
            cancellationToken);
        if (found.Count == PerTurn)
        {
            Wake();
        }
    }

    private async Task DropAsync(IUnitOfWork unit, WorkOrderRow order)
    {
        // Requeued or cancelled since it was found.
        if (await unit.ExecuteAsync(DeadLetterSql.Lock, new { order.Id }) == 0)
        {
            return;
        }

        await queue.RemoveAsync(unit, order, "expired");
        unit.Append(new EventDraft(
            EventTypes.DeadLetterExpired,
            TaskId: order.TaskId,
            WorkOrderId: order.Id,
            ExecutionId: order.ExecutionId,
            Data: new { since = order.DeadAt!.Value.Time(), cause = order.Cause, retry = $"/api/v1/tasks/{order.TaskId}/retry" }));
    }
}
