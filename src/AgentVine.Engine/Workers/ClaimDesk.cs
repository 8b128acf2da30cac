using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>
/// Hands work orders to workers. A claim registers before it looks, an empty one opens no write, and repeating its id returns the
/// same lease.
/// </summary>
internal sealed class ClaimDesk(
    IStore store, Attempts attempts, QueueSignal signal, IFeedbackSource feedback, Budgets budgets, WorkersOptions options, TimeProvider time)
{
    public async Task<WorkOrderView?> ClaimAsync(
        Guid organizationId, Guid workerId, Guid claimId, IReadOnlyList<string>? queues, TimeSpan wait, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var worker = await store.ReadAsync(organizationId, session => WorkerRegistry.GetAsync(session, workerId), cancellationToken);
        var lanes = LanesOf(worker, queues);
        using var waiter = signal.Register(lanes);
        for (var last = false; ;)
        {
            var (offered, mayFind) = await LookAsync(organizationId, workerId, claimId, lanes, cancellationToken);
            if (mayFind)
            {
                // Between the look and the claim an account may have closed: what it owes is what the claim looked into.
                (var claimed, var mayTake, offered) = await store.WriteAsync(
                    organizationId, unit => TryClaimAsync(unit, workerId, claimId, lanes, cancellationToken), cancellationToken);
                if (!mayTake)
                {
                    waiter.HandOn();
                }
                else if (claimed is not null)
                {
                    waiter.Looked(offered);
                    return claimed;
                }
            }

            waiter.Looked(offered);
            var left = wait - time.GetElapsedTime(began);
            if (last || left <= TimeSpan.Zero)
            {
                return null;
            }

            // One more look at the end: the same claim, sent again, may have been served on another connection.
            last = !await waiter.WaitAsync(left, time, cancellationToken);
        }
    }

    /// <summary>The claim that rides on a complete or fail, in its unit.</summary>
    public async Task<WorkOrderView?> ClaimInUnitAsync(IUnitOfWork unit, Guid workerId, Guid claimId, CancellationToken cancellationToken)
    {
        var accounts = await AccountGate.LockOfferAsync(unit, workerId);
        await unit.ExecuteAsync(WorkersSql.Lock, new { Id = workerId });
        var worker = await unit.FirstOrDefaultAsync<WorkerRow>(WorkersSql.Find, new { Id = workerId });
        if (worker is not { DeregisteredAt: null })
        {
            return null;
        }

        // A spent id claims nothing here: the end that it rides on is to be taken all the same.
        return await ExecutionRecords.OfClaimAsync(unit, claimId) is { } claimed
            ? await RepeatAsync(unit, worker, claimed, cancellationToken)
            : (await ClaimAsync(unit, worker, claimId, LanesOf(worker, null), accounts, cancellationToken)).Order;
    }

    private static List<string> LanesOf(WorkerRow worker, IReadOnlyList<string>? queues) =>
        [.. (queues is { Count: > 0 } ? queues : QueueNames.WorkOrders).SelectMany(queue => worker.RuntimeNames.Select(runtime => QueueRank.Lane(queue, runtime)))];

    private static List<string> Offered(IReadOnlyList<string> lanes, AccountOffer accounts) =>
        [.. lanes.Where(lane => accounts.Offers(QueueRank.RuntimeOf(lane)))];

    private async Task<(IReadOnlyList<string> Offered, bool MayFind)> LookAsync(
        Guid organizationId, Guid workerId, Guid claimId, IReadOnlyList<string> lanes, CancellationToken cancellationToken) =>
        await store.ReadAsync(
            organizationId,
            async session =>
            {
                var offered = Offered(lanes, await AccountGate.OfferAsync(session, workerId));
                return (offered, await ExecutionRecords.OfClaimAsync(session, claimId) is not null || await WorkQueue.AnyReadyAsync(session, offered));
            },
            cancellationToken);

    private async Task<(WorkOrderView? Order, bool MayTake, IReadOnlyList<string> Offered)> TryClaimAsync(
        IUnitOfWork unit, Guid workerId, Guid claimId, IReadOnlyList<string> lanes, CancellationToken cancellationToken)
    {
        // A worker's claims come one by one: its limit is counted, its claim ids are looked up, and it may be going. Accounts before workers, as in an end.
        var accounts = await AccountGate.LockOfferAsync(unit, workerId);
        await unit.ExecuteAsync(WorkersSql.Lock, new { Id = workerId });
        var worker = await WorkerRegistry.GetAsync(unit, workerId);
        if (await ExecutionRecords.OfClaimAsync(unit, claimId) is { } claimed)
        {
            var repeated = await RepeatAsync(unit, worker, claimed, cancellationToken);
            return (repeated ?? throw ExecutionRecords.ClaimSpent(claimId, $"its attempt is {claimed.Status}"), true, []);
        }

        var (order, mayTake) = await ClaimAsync(unit, worker, claimId, lanes, accounts, cancellationToken);
        return (order, mayTake, Offered(lanes, accounts));
    }

    private async Task<(WorkOrderView? Order, bool MayTake)> ClaimAsync(
        IUnitOfWork unit, WorkerRow worker, Guid claimId, IReadOnlyList<string> lanes, AccountOffer accounts, CancellationToken cancellationToken)
    {
        if (worker.State == WorkerStatus.Draining || worker.Leased >= (worker.MaxConcurrent ?? int.MaxValue))
        {
            return (null, false);
        }

        var claim = new AttemptClaim(worker.Id, worker.Name, claimId, Offered(lanes, accounts), options.Lease, store.Dialect.ForUpdateSkipLocked)
        {
            Accounts = accounts,
            TakesCheckpoints = worker.Protocol >= WorkerProtocol.Checkpoints,
        };
        var execution = await attempts.BeginAsync(unit, claim, cancellationToken);
        return (execution is null ? null : await ViewAsync(unit, execution, cancellationToken), true);
    }

    /// <summary>The lease that the claim has already; null when that is over or another worker's.</summary>
    private async Task<WorkOrderView?> RepeatAsync(IUnitOfWork unit, WorkerRow worker, ExecutionRow claimed, CancellationToken cancellationToken) =>
        claimed.WorkerId == worker.Id && claimed.AgentToken is not null
            && await WorkQueue.RenewAsync(unit, claimed.WorkOrderId, claimed.LeaseToken, worker.Id, options.Lease)
                ? await ViewAsync(unit, claimed, cancellationToken)
                : null;

    private async Task<WorkOrderView> ViewAsync(IUnitOfWork unit, ExecutionRow execution, CancellationToken cancellationToken)
    {
        var task = (await TaskRecords.FindAsync(unit, execution.TaskId))!;
        var files = execution is { ResumedFrom: { } from, ResumedCheckpoint: { } n } ? await CheckpointRecords.FindAsync(unit, from, n) : null;
        var session = await SessionAsync(unit, execution);
        var heard = files is not null && session is not null ? new Heard(files.ExecutionId, files.TakenAt) : new Heard(null, 0);
        var words = (await feedback.TakeAsync(unit, task.Id, execution.Id, heard, cancellationToken)).ToList();
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
            Account = execution.Account,
            Budget = budgets.Of(execution, task.Budgets()),
            Feedback = words,
            Checkpoint = files?.ToView(),
            MergedBase = execution is { MergedBase: { } merged, MergedTarget: { } target } && files?.BaseCommit == merged ? new WorkOrderBase(merged, target) : null,
            Dependencies = DependencyWork.Read(execution),
            Session = session,
            ResumedBecause = files is null ? null : await WhyResumedAsync(unit, execution),
        };
    }

    private static async Task<WorkOrderSession?> SessionAsync(IUnitOfWork unit, ExecutionRow execution)
    {
        var transcript = execution is { SessionFrom: { } from, SessionCheckpoint: { } n } ? await CheckpointRecords.FindAsync(unit, from, n) : null;
        return transcript is { SessionId: { } sessionId, TranscriptSha256: { } hash }
            ? new WorkOrderSession(
                transcript.ExecutionId, transcript.N, sessionId, transcript.TranscriptBytes, hash, Reused: transcript.TaskId != execution.TaskId)
            : null;
    }

    private static async Task<string?> WhyResumedAsync(IUnitOfWork unit, ExecutionRow execution)
    {
        var former = (await unit.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { execution.TaskId })).LastOrDefault(each => each.Attempt < execution.Attempt);
        return former?.State switch
        {
            null => null,
            ExecutionStatus.Parked => "it was put away while it waited for people",
            ExecutionStatus.Completed => "its work was not accepted as it is",
            _ => former.ToView().Error?.Message ?? $"it ended {former.Status}",
        };
    }
}
