using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>The durable priority queue of work orders: putting in, looking, leasing, renewing, taking out. What an attempt's end means for its task is <see cref="Attempts"/>.</summary>
internal sealed class WorkQueue(QueuePlaces places, QueueSignal signal)
{
    /// <summary>
    /// Puts the next attempt of <paramref name="task"/> into the queue, at the task's rank; with <paramref name="atHead"/> before all that
    /// are ready in its lane.
    /// </summary>
    public async Task EnqueueAsync(IUnitOfWork unit, TaskRow task, TimeSpan? delay, CancellationToken cancellationToken, bool atHead = false)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var queue = QueueRank.QueueOf(task.Class);
        var lane = QueueRank.Lane(queue, task.Runtime);
        var delayed = delay is { } span && span > TimeSpan.Zero;
        var first = atHead ? await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.HeadOfLane, new { Lane = lane }) : null;
        var rank = first is null ? task.QueueRank : Math.Min(task.QueueRank, first.Rank - 1);
        var ready = !delayed && await QueuePlaces.TakeAsync(unit, task.RepositoryId, rank);
        var id = Guid.CreateVersion7(unit.Now.Time());
        await unit.ExecuteAsync(QueueSql.Insert, new
        {
            Id = id,
            TaskId = task.Id,
            task.RepositoryId,
            Queue = queue,
            Lane = lane,
            Rank = rank,
            State = VineJson.Name(ready ? WorkOrderState.Ready : WorkOrderState.Held),
            HeldReason = delayed ? "delay" : ready ? null : "repository",
            AvailableAt = delayed ? unit.Now + delay!.Value.Micros() : (long?)null,
            ReadyAt = ready ? unit.Now : (long?)null,
        });
        unit.Append(new EventDraft(
            EventTypes.WorkOrderEnqueued,
            TaskId: task.Id,
            WorkOrderId: id,
            Data: new { queue, attempt = task.Attempt + 1, available_at = delayed ? (unit.Now + delay!.Value.Micros()).Time() : (DateTimeOffset?)null }));
        if (ready)
        {
            unit.OnCommitted(() => signal.Wake(lane));
        }
    }

    /// <summary>Whether one of <paramref name="lanes"/> has a ready order: the look that an empty claim costs.</summary>
    public static async Task<bool> AnyReadyAsync(IReadSession session, IReadOnlyList<string> lanes)
    {
        foreach (var lane in lanes)
        {
            if (await session.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.HeadOfLane, new { Lane = lane }) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Leases the first order of <paramref name="lanes"/> to a worker; null when there is none.</summary>
    public static async Task<WorkOrderRow?> LeaseAsync(
        IUnitOfWork unit, IReadOnlyList<string> lanes, Guid workerId, Guid executionId, TimeSpan lease, string forUpdate)
    {
        if (await LockFirstAsync(unit, lanes, forUpdate) is not { } first)
        {
            return null;
        }

        var expires = await unit.LeaseNowAsync() + lease.Micros();
        var leased = await unit.ExecuteAsync(
            QueueSql.Lease, new { first.Id, WorkerId = workerId, ExecutionId = executionId, LeaseExpiresAt = expires });
        return leased == 1 ? first : throw new InvalidOperationException($"Work order {first.Id} was ready under lock and could not be leased.");
    }

    // Only what is taken is locked: a head locked in passing would be missing to the claim that comes for it.
    private static async Task<WorkOrderRow?> LockFirstAsync(IUnitOfWork unit, IReadOnlyList<string> lanes, string forUpdate)
    {
        var heads = new List<WorkOrderRow>();
        foreach (var lane in lanes)
        {
            if (await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.HeadOfLane, new { Lane = lane }) is { } head)
            {
                heads.Add(head);
            }
        }

        foreach (var head in heads.OrderBy(head => (head.Rank, head.Sequence)))
        {
            if (await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.HeadOfLane + forUpdate, new { head.Lane }) is { } locked)
            {
                return locked;
            }
        }

        return null;
    }

    /// <summary>Renews one lease for a full period. False when it is no longer that worker's under that token.</summary>
    public static async Task<bool> RenewAsync(IUnitOfWork unit, Guid workOrderId, long leaseToken, Guid workerId, TimeSpan lease) =>
        await unit.ExecuteAsync(QueueSql.Renew, new
        {
            Id = workOrderId,
            LeaseToken = leaseToken,
            WorkerId = workerId,
            LeaseExpiresAt = await unit.LeaseNowAsync() + lease.Micros(),
        }) == 1;

    /// <summary>The order under lock when <paramref name="leaseToken"/> still has it; else null.</summary>
    public static async Task<WorkOrderRow?> LockLeasedAsync(IUnitOfWork unit, Guid workOrderId, long leaseToken) =>
        await unit.ExecuteAsync(QueueSql.LockLeased, new { Id = workOrderId, LeaseToken = leaseToken }) == 1
            ? await unit.FirstOrDefaultAsync<WorkOrderRow>(QueueSql.Find, new { Id = workOrderId })
            : null;

    /// <summary>Takes the locks of a task's orders; whoever takes both takes them before the task's, as a claim and an end must.</summary>
    public static Task LockOfTaskAsync(IUnitOfWork unit, Guid taskId) => unit.ExecuteAsync(QueueSql.LockOfTask, new { TaskId = taskId });

    /// <summary>Moves the waiting order of a task whose class has changed to its new place.</summary>
    public async Task MoveAsync(IUnitOfWork unit, TaskRow task)
    {
        var queue = QueueRank.QueueOf(task.Class);
        var lane = QueueRank.Lane(queue, task.Runtime);
        foreach (var order in await unit.QueryAsync<WorkOrderRow>(QueueSql.OfTask, new { TaskId = task.Id }))
        {
            var moved = await unit.ExecuteAsync(QueueSql.Move, new { order.Id, Queue = queue, Lane = lane, Rank = task.QueueRank });
            if (moved == 1 && (order.OrderState == WorkOrderState.Ready || order.HeldReason == "repository"))
            {
                await places.MovedAsync(unit, order, lane, task.QueueRank);
            }
        }
    }

    /// <summary>Takes an order out for good and gives its repository's place on.</summary>
    public async Task RemoveAsync(IUnitOfWork unit, WorkOrderRow order, string end)
    {
        await unit.ExecuteAsync(QueueSql.Delete, new { order.Id });
        await LeftAsync(unit, order, end);
    }

    /// <summary>Puts an order into the dead letter.</summary>
    public async Task BuryAsync(IUnitOfWork unit, WorkOrderRow order, TaskError error)
    {
        var cause = CauseWords.Cause(error) ?? error.Cause;
        await unit.ExecuteAsync(QueueSql.Bury, new { order.Id, unit.Now, Cause = cause is { } known ? VineJson.Name(known) : null });
        await LeftAsync(unit, order, "dead");
    }

    /// <summary>Takes the orders of a task that no worker has out of the queue: cancelled, or requeued from the dead letter.</summary>
    /// <returns>The order that a worker has, if any.</returns>
    public async Task<WorkOrderRow?> RemoveUnleasedAsync(IUnitOfWork unit, Guid taskId, string end)
    {
        WorkOrderRow? leased = null;
        foreach (var order in await unit.QueryAsync<WorkOrderRow>(QueueSql.OfTask, new { TaskId = taskId }))
        {
            if (order.OrderState == WorkOrderState.Leased)
            {
                leased = order;
            }
            else
            {
                await RemoveAsync(unit, order, end);
            }
        }

        return leased;
    }

    /// <summary>Moves a delayed order that is due to ready, or to held for its repository.</summary>
    public async Task PromoteAsync(IUnitOfWork unit, WorkOrderRow order)
    {
        // Meanwhile it may have been cancelled, or moved on by another server.
        if (await unit.ExecuteAsync(QueueSql.LockDelayed, new { order.Id }) == 0)
        {
            return;
        }

        if (await QueuePlaces.TakeAsync(unit, order.RepositoryId, order.Rank))
        {
            await unit.ExecuteAsync(QueueSql.MakeReady, new { order.Id, unit.Now });
            unit.OnCommitted(() => signal.Wake(order.Lane));
        }
        else
        {
            await unit.ExecuteAsync(QueueSql.HoldForRepository, new { order.Id });
        }
    }

    private async Task LeftAsync(IUnitOfWork unit, WorkOrderRow order, string end)
    {
        unit.Append(new EventDraft(
            EventTypes.WorkOrderEnded, TaskId: order.TaskId, WorkOrderId: order.Id, ExecutionId: order.ExecutionId, Data: new { end }));
        await places.FillAsync(unit, order.RepositoryId);
    }
}
