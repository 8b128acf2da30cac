using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>
/// An attempt's life as one story: the order leased, the execution begun and the task in progress in one unit; and at its end order,
/// execution, session and task together, exactly once, under the lease's token.
/// </summary>
internal sealed partial class Attempts(TaskRecords tasks, WorkQueue queue, KeptSessions kept, AccountBook accounts)
{
    /// <summary>Begins the next attempt that <paramref name="claim"/> may take; null when the lanes are empty.</summary>
    public async Task<ExecutionRow?> BeginAsync(IUnitOfWork unit, AttemptClaim claim, CancellationToken cancellationToken)
    {
        var executionId = Guid.CreateVersion7(unit.Now.Time());
        var order = await WorkQueue.LeaseAsync(unit, claim.Lanes, claim.WorkerId, executionId, claim.Lease, claim.ForUpdate);
        if (order is null)
        {
            return null;
        }

        var task = await TaskRecords.LockAsync(unit, order.TaskId);
        task.Attempt++;
        var start = await StartAsync(unit, task, claim);
        var work = await DependencyWork.OfAsync(unit, task, start.Files);
        var account = claim.Accounts.AccountFor(task.Runtime);
        var execution = new ExecutionRow
        {
            Id = executionId,
            TaskId = task.Id,
            RepositoryId = task.RepositoryId,
            WorkOrderId = order.Id,
            Attempt = task.Attempt,
            WorkerId = claim.WorkerId,
            WorkerName = claim.WorkerName,
            ClaimId = claim.ClaimId,
            LeaseToken = order.Sequence,
            AgentToken = AgentTokens.New(),
            Runtime = task.Runtime,
            Account = account,
            Status = VineJson.Name(ExecutionStatus.Running),
            StartedAt = claim.Accounts.BeginsAt(account, unit.Now),
            ReadyAt = order.ReadyAt,
            ResumedFrom = start.Files?.ExecutionId,
            ResumedCheckpoint = start.Files?.N,
            SessionFrom = start.Session?.CheckpointExecution,
            SessionCheckpoint = start.Session?.CheckpointN,
            Dependencies = work.Dependencies,
            MergedBase = work.MergedBase,
            MergedTarget = work.MergedTarget,
        };
        unit.Append(new EventDraft(
            EventTypes.WorkOrderClaimed, TaskId: task.Id, WorkOrderId: order.Id, ExecutionId: executionId, WorkerId: claim.WorkerId));
        await ExecutionRecords.BeginAsync(unit, execution);
        if (start.Session is { } conversation)
        {
            await SessionRecords.MoveAsync(unit, conversation, task.Id, executionId, claim.WorkerId);
        }

        task.WorkerId = claim.WorkerId;
        task.ExecutionId = executionId;
        task.SessionId = null;
        task.StartedAt = unit.Now;
        await tasks.MoveAsync(unit, task, AgentTaskStatus.InProgress, "claimed", null, null, cancellationToken);
        return execution;
    }

    /// <summary>Ends an attempt that handed back a result.</summary>
    public async Task<AttemptEnd> CompleteAsync(
        IUnitOfWork unit, Guid workOrderId, long leaseToken, TaskResult result, CancellationToken cancellationToken)
    {
        if (await WorkQueue.LockLeasedAsync(unit, workOrderId, leaseToken) is not { } order)
        {
            return await EndedBeforeAsync(unit, workOrderId, leaseToken, ExecutionStatus.Completed, result);
        }

        var (execution, task) = await OfOrderAsync(unit, order);
        result = WithStoredBranch(execution, result);
        await ExecutionRecords.EndAsync(unit, execution, ExecutionStatus.Completed, null, result);
        await LetGoAsync(unit, execution, SessionEndReason.Completed, SessionStatus.Idle, result.CostUsd);
        await Budgets.SettleAsync(unit, execution.Id, result.CostUsd);
        await queue.RemoveAsync(unit, order, "done");
        if (task.State == AgentTaskStatus.Cancelled)
        {
            await KeptSessions.EndOfTaskAsync(unit, task.Id, SessionEndReason.Cancelled);
            await accounts.ProveAsync(unit, execution.Account, unit.Now);
            return AttemptEnd.Taken(task.State);
        }

        task.Result = JsonColumn.Write(result);
        task.Error = null;
        task.WorkBranch = execution.Branch ?? task.WorkBranch;
        task.Feedback = null;
        task.ResumeExecution = execution.Id;
        await CheckpointRecords.AddHandedInAsync(unit, execution);
        var autonomous = VineJson.Parse<PermissionLevel>(task.PermissionLevel) == PermissionLevel.Autonomous;
        await (autonomous
            ? tasks.MoveAsync(unit, task, AgentTaskStatus.Completed, "completed", null, null, cancellationToken)
            : tasks.MoveAsync(unit, task, AgentTaskStatus.InReview, "handed in for review", "waits for a person to accept or reject it", null, cancellationToken));
        await accounts.ProveAsync(unit, execution.Account, unit.Now);
        return AttemptEnd.Taken(task.State);
    }

    /// <summary>Ends an attempt that failed, and decides by the kind of failure what becomes of its task.</summary>
    public async Task<AttemptEnd> FailAsync(
        IUnitOfWork unit, Guid workOrderId, long leaseToken, TaskError error, TaskResult? result, CancellationToken cancellationToken)
    {
        var status = StatusOf(error.Kind);
        if (await WorkQueue.LockLeasedAsync(unit, workOrderId, leaseToken) is not { } order)
        {
            return await EndedBeforeAsync(unit, workOrderId, leaseToken, status, result);
        }

        return await EndUnfinishedAsync(unit, order, status, error, result, cancellationToken);
    }

    /// <summary>
    /// Ends an attempt whose agent was put away while it waits for people. The task waits on without a slot; where the last answer came
    /// meanwhile, it is queued at once.
    /// </summary>
    public async Task<AttemptEnd> ParkAsync(
        IUnitOfWork unit, Guid workOrderId, long leaseToken, TaskResult? result, CancellationToken cancellationToken)
    {
        if (await WorkQueue.LockLeasedAsync(unit, workOrderId, leaseToken) is not { } order)
        {
            return await EndedBeforeAsync(unit, workOrderId, leaseToken, ExecutionStatus.Parked, result);
        }

        var (execution, task) = await OfOrderAsync(unit, order);
        await ExecutionRecords.EndAsync(unit, execution, ExecutionStatus.Parked, null, result);
        await LetGoAsync(unit, execution, SessionEndReason.Interrupted, SessionStatus.Waiting, result?.CostUsd);
        await Budgets.SettleAsync(unit, execution.Id, result?.CostUsd);
        await queue.RemoveAsync(unit, order, "parked");
        if (task.State == AgentTaskStatus.Cancelled)
        {
            await KeptSessions.EndOfTaskAsync(unit, task.Id, SessionEndReason.Cancelled);
            return AttemptEnd.Taken(task.State);
        }

        task.ResumeExecution = execution.Id;
        task.WorkerId = null;
        task.StatusReason = $"parked: {task.StatusReason}";
        await TaskRecords.SaveAsync(unit, task);
        if (task.State == AgentTaskStatus.InProgress)
        {
            await ResumeParkedAsync(unit, task, cancellationToken);
        }

        return AttemptEnd.Taken(task.State);
    }

    /// <summary>Brings a parked task back, all its requests being closed: at the head of its class.</summary>
    public async Task ResumeParkedAsync(IUnitOfWork unit, TaskRow task, CancellationToken cancellationToken)
    {
        await SessionRecords.SetStatusAsync(unit, task.ExecutionId!.Value, SessionStatus.Idle);
        await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "brought back", "its parked attempt has its answers", null, cancellationToken);
        await queue.EnqueueAsync(unit, task, delay: null, cancellationToken, atHead: true);
    }

    /// <summary>Ends an attempt whose worker is gone: its lease lapsed, or it was registered anew.</summary>
    public Task LoseAsync(IUnitOfWork unit, WorkOrderRow order, string cause, CancellationToken cancellationToken) =>
        EndForWorkerAsync(unit, order, ExecutionStatus.Lost, new TaskError { Kind = FailureKind.Transient, Cause = FailureCause.WorkerLost, Message = cause }, cancellationToken);

    /// <summary>Ends an attempt whose worker left in order and had not finished it, or not even begun: no attempt is burnt by that.</summary>
    public Task HandBackAsync(IUnitOfWork unit, WorkOrderRow order, string cause, CancellationToken cancellationToken) =>
        EndForWorkerAsync(unit, order, ExecutionStatus.Interrupted, new TaskError { Kind = FailureKind.Interrupted, Message = cause }, cancellationToken);

    private async Task EndForWorkerAsync(
        IUnitOfWork unit, WorkOrderRow order, ExecutionStatus status, TaskError error, CancellationToken cancellationToken)
    {
        // Locked again: between finding and this unit the worker may have spoken.
        if (await WorkQueue.LockLeasedAsync(unit, order.Id, order.Sequence) is { } leased)
        {
            await EndUnfinishedAsync(unit, leased, status, error, null, cancellationToken);
        }
    }

    private static async Task<(ExecutionRow Execution, TaskRow Task)> OfOrderAsync(IUnitOfWork unit, WorkOrderRow order)
    {
        var task = await TaskRecords.LockAsync(unit, order.TaskId);
        return (await ExecutionRecords.GetAsync(unit, order.ExecutionId!.Value), task);
    }

    private async Task<AttemptEnd> EndUnfinishedAsync(
        IUnitOfWork unit, WorkOrderRow order, ExecutionStatus status, TaskError error, TaskResult? result, CancellationToken cancellationToken)
    {
        var (execution, task) = await OfOrderAsync(unit, order);
        result = result is null ? null : WithStoredBranch(execution, result);
        await ExecutionRecords.EndAsync(unit, execution, status, error, result);
        await LetGoAsync(unit, execution, SessionReason(status), SessionStatus.Idle, result?.CostUsd);
        if (status != ExecutionStatus.Lost)
        {
            await Budgets.SettleAsync(unit, execution.Id, result?.CostUsd);
        }

        if (task.State == AgentTaskStatus.Cancelled)
        {
            await queue.RemoveAsync(unit, order, "cancelled");
            await KeptSessions.EndOfTaskAsync(unit, task.Id, SessionEndReason.Cancelled);
            await TellAccountAsync(unit, execution, error);
            return AttemptEnd.Taken(task.State);
        }

        var verdict = await JudgeAsync(unit, execution, task, status, error);
        task.Error = JsonColumn.Write(error);
        task.WorkBranch = execution.Branch ?? task.WorkBranch;
        task.AttemptsUsed += verdict.Burns ? 1 : 0;
        task.ResumeExecution = verdict.GoesOn ? execution.Id : null;
        if (task.ResumeExecution is null)
        {
            await KeptSessions.EndOfTaskAsync(unit, task.Id, SessionReason(status));
        }

        if (verdict.Buries)
        {
            await queue.BuryAsync(unit, order, error);
            await tasks.MoveAsync(unit, task, AgentTaskStatus.Failed, "given up", FailedBecause(task, error), null, cancellationToken);
        }
        else
        {
            await queue.RemoveAsync(unit, order, VineJson.Name(status));
            await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "queued again", QueuedBecause(status, error, verdict.Delay, unit), null, cancellationToken);
            await queue.EnqueueAsync(unit, task, verdict.Delay, cancellationToken);
        }

        await TellAccountAsync(unit, execution, error);
        return AttemptEnd.Taken(task.State);
    }
}
