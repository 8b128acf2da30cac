using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>
/// Hands work orders to workers. A claim registers before it looks, an empty one opens no write, and repeating its id returns the
/// same lease.
/// </summary>
internal sealed class ClaimDesk(IStore store, Attempts attempts, QueueSignal signal, IFeedbackSource feedback, WorkersOptions options, TimeProvider time)
{
    public async Task<WorkOrderView?> ClaimAsync(
        Guid organizationId, Guid workerId, Guid claimId, IReadOnlyList<string>? queues, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var worker = await store.ReadAsync(organizationId, session => WorkerRegistry.GetAsync(session, workerId), cancellationToken);
        var lanes = LanesOf(worker, queues);
        using var waiter = signal.Register(lanes);
        while (true)
        {
            if (await MayFindAsync(organizationId, claimId, lanes, cancellationToken))
            {
                var claimed = await store.WriteAsync(
                    organizationId, unit => ClaimAsync(unit, workerId, claimId, lanes, cancellationToken), cancellationToken);
                if (claimed is not null)
                {
                    return claimed;
                }
            }

            var left = wait - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero || !await waiter.WaitAsync(left, time, cancellationToken))
            {
                return null;
            }
        }
    }

    /// <summary>The claim that rides on a complete or fail, in its unit.</summary>
    public async Task<WorkOrderView?> ClaimInUnitAsync(IUnitOfWork unit, Guid workerId, Guid claimId, CancellationToken cancellationToken)
    {
        var worker = await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = workerId });
        return worker is { DeregisteredAt: null }
            ? await ClaimAsync(unit, workerId, claimId, LanesOf(worker, null), cancellationToken)
            : null;
    }

    private static List<string> LanesOf(WorkerRow worker, IReadOnlyList<string>? queues) =>
        [.. (queues is { Count: > 0 } ? queues : QueueNames.WorkOrders).SelectMany(queue => worker.RuntimeNames.Select(runtime => QueueRank.Lane(queue, runtime)))];

    private async Task<bool> MayFindAsync(Guid organizationId, Guid claimId, IReadOnlyList<string> lanes, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            organizationId,
            async session => await ExecutionRecords.OfClaimAsync(session, claimId) is not null || await WorkQueue.AnyReadyAsync(session, lanes),
            cancellationToken);

    private async Task<WorkOrderView?> ClaimAsync(
        IUnitOfWork unit, Guid workerId, Guid claimId, IReadOnlyList<string> lanes, CancellationToken cancellationToken)
    {
        var worker = await WorkerRegistry.GetAsync(unit, workerId);
        if (await ExecutionRecords.OfClaimAsync(unit, claimId) is { } claimed)
        {
            return await RepeatAsync(unit, worker, claimed, cancellationToken);
        }

        if (worker.State == WorkerStatus.Draining || worker.Leased >= (worker.MaxConcurrent ?? int.MaxValue))
        {
            return null;
        }

        var claim = new AttemptClaim(workerId, worker.Name, claimId, lanes, options.Lease, store.Dialect.ForUpdateSkipLocked);
        var execution = await attempts.BeginAsync(unit, claim, cancellationToken);
        return execution is null ? null : await ViewAsync(unit, execution, cancellationToken);
    }

    private async Task<WorkOrderView> RepeatAsync(IUnitOfWork unit, WorkerRow worker, ExecutionRow claimed, CancellationToken cancellationToken)
    {
        if (claimed.WorkerId != worker.Id || claimed.AgentToken is null
            || !await WorkQueue.RenewAsync(unit, claimed.WorkOrderId, claimed.LeaseToken, worker.Id, options.Lease))
        {
            throw new ProblemException(
                409, ErrorCodes.QueueClaimSpent, $"Claim {claimed.ClaimId} was used, and its attempt is {claimed.Status}. Choose a new claim_id.");
        }

        return await ViewAsync(unit, claimed, cancellationToken);
    }

    private async Task<WorkOrderView> ViewAsync(IUnitOfWork unit, ExecutionRow execution, CancellationToken cancellationToken)
    {
        var task = (await TaskRecords.FindAsync(unit, execution.TaskId))!;
        var words = (await feedback.TakeAsync(unit, task.Id, execution.Id, cancellationToken)).ToList();
        if (task.Feedback is not null)
        {
            words.Insert(0, new Feedback(task.Feedback));
        }

        return new WorkOrderView
        {
            Id = execution.WorkOrderId,
            Task = await TaskRecords.ViewAsync(unit, task),
            Attempt = execution.Attempt,
            ExecutionId = execution.Id,
            LeaseToken = execution.LeaseToken,
            LeaseSeconds = (int)options.Lease.TotalSeconds,
            LeaseExpiresAt = unit.Now.Time() + options.Lease,
            AgentToken = execution.AgentToken!,
            Feedback = words,
            ContinueFrom = await ContinueFromAsync(unit, task),
        };
    }

    // Rejected work goes on from its own branch; every other attempt starts from the target.
    private static async Task<ContinueFrom?> ContinueFromAsync(IUnitOfWork unit, TaskRow task)
    {
        if (task.Feedback is null || JsonColumn.Read<TaskResult>(task.Result)?.Commit is not { } commit)
        {
            return null;
        }

        var executions = await unit.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = task.Id });
        return executions.LastOrDefault(execution => execution.HeadCommit == commit) is { } former ? new ContinueFrom(former.Id, former.Attempt, commit) : null;
    }
}
