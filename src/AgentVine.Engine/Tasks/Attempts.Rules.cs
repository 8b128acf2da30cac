using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

internal sealed partial class Attempts
{
    private const int MostLost = 20;

    /// <summary>What a repeated or superseded end gets: the first answer again, or 409 with its result on record.</summary>
    private static async Task<AttemptEnd> EndedBeforeAsync(
        IUnitOfWork unit, Guid workOrderId, long leaseToken, ExecutionStatus status, TaskResult? result)
    {
        var execution = await ExecutionRecords.OfWorkOrderAsync(unit, workOrderId);
        if (execution is null || execution.LeaseToken != leaseToken)
        {
            return AttemptEnd.Refused($"There is no lease of work order {workOrderId} under token {leaseToken}.");
        }

        if (execution.State == status)
        {
            var task = await TaskRecords.FindAsync(unit, execution.TaskId);
            return AttemptEnd.Taken(task!.State);
        }

        await ExecutionRecords.RecordLateAsync(unit, execution, result, VineJson.Name(status));
        if (execution.State == ExecutionStatus.Lost)
        {
            await Budgets.SettleLostAsync(unit, execution.Id, result?.CostUsd);
        }

        return AttemptEnd.Refused(
            $"The lease of work order {workOrderId} is over: its attempt ended as {execution.Status}. What was sent is kept with execution {execution.Id}; it changes nothing else.");
    }

    /// <summary>What the next attempt of a task starts from: the files of an earlier one, and a conversation.</summary>
    private async Task<(CheckpointRow? Files, SessionRow? Session)> StartAsync(IUnitOfWork unit, TaskRow task, AttemptClaim claim)
    {
        if (!claim.TakesCheckpoints)
        {
            return (null, null);
        }

        var files = task.ResumeExecution is { } former
            ? await CheckpointRecords.PointOfAsync(unit, await ExecutionRecords.GetAsync(unit, former))
            : null;
        if (files is not null)
        {
            return (files, await ConversationAsync(unit, task, files));
        }

        var wanted = new SessionRow
        {
            RepositoryId = task.RepositoryId,
            TaskType = task.TaskType,
            PermissionLevel = task.PermissionLevel,
            Runtime = task.Runtime,
            AskedModel = task.Model,
            WorkerId = claim.WorkerId,
        };
        return (null, task.Attempt == 1 ? await kept.FindSimilarAsync(unit, wanted, claim.ForUpdate) : null);
    }

    // Transcript and files of one moment, or no transcript: an agent must not believe in edits that are not there.
    private async Task<SessionRow?> ConversationAsync(IUnitOfWork unit, TaskRow task, CheckpointRow files)
    {
        // A conversation that was lent to an attempt whose agent never began knows nothing of the task.
        if (files.SessionId is null || (await ExecutionRecords.GetAsync(unit, files.ExecutionId)).SessionId != files.SessionId)
        {
            return null;
        }

        var session = (await SessionRecords.OfTaskAsync(unit, task.Id))
            .FirstOrDefault(session => session.SessionId == files.SessionId);
        return session is not null && session.CheckpointExecution == files.ExecutionId && session.CheckpointN == files.N && kept.MayResume(session, task.Id)
            ? session
            : null;
    }

    // Cut work goes on from where it was. So does failed work that got somewhere, and what failed before its agent had begun; else the next
    // attempt is a fresh one.
    private static bool GoesOn(ExecutionStatus status, ExecutionRow execution) =>
        execution.Checkpoint is not null
        || (execution.ResumedFrom is not null && execution.SessionId is null)
        || status is ExecutionStatus.Interrupted or ExecutionStatus.Lost or ExecutionStatus.RateLimited or ExecutionStatus.Parked;

    // A conversation whose transcript is stored outlives its attempt.
    private static async Task LetGoAsync(IUnitOfWork unit, ExecutionRow execution, SessionEndReason reason, SessionStatus status, decimal? costUsd)
    {
        var session = await SessionRecords.OfExecutionAsync(unit, execution.Id);
        await (session?.CheckpointExecution is not null
            ? SessionRecords.KeepAsync(unit, execution.Id, status, costUsd)
            : SessionRecords.EndAsync(unit, execution.Id, reason, costUsd));
    }

    private static TaskResult WithStoredBranch(ExecutionRow execution, TaskResult result) => result with
    {
        Commit = execution.HeadCommit,
        BaseCommit = execution.BaseCommit ?? result.BaseCommit,
        DiffStat = JsonColumn.Read<DiffStat>(execution.DiffStat),
        Checked = execution.HeadCommit is null ? "no_change" : "unchecked",
    };

    private static bool Burns(FailureKind kind) => kind is FailureKind.Transient or FailureKind.BadResult or FailureKind.TimedOut;

    // A worker's death is not the task's fault while the task gets on; but one that kills every worker must end.
    private static async Task<bool> GotSomewhereAsync(IUnitOfWork unit, ExecutionStatus status, ExecutionRow execution) =>
        status == ExecutionStatus.Lost
        && execution.Checkpoint is not null
        && (await unit.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { execution.TaskId })).Count(each => each.State == ExecutionStatus.Lost) <= MostLost;

    private static ExecutionStatus StatusOf(FailureKind kind) => kind switch
    {
        FailureKind.RateLimit => ExecutionStatus.RateLimited,
        FailureKind.TimedOut => ExecutionStatus.TimedOut,
        FailureKind.Cancelled => ExecutionStatus.Cancelled,
        FailureKind.Interrupted => ExecutionStatus.Interrupted,
        _ => ExecutionStatus.Failed,
    };

    private static SessionEndReason SessionReason(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Lost => SessionEndReason.WorkerLost,
        ExecutionStatus.Cancelled => SessionEndReason.Cancelled,
        ExecutionStatus.Interrupted => SessionEndReason.Interrupted,
        _ => SessionEndReason.Error,
    };

    private static string FailedBecause(TaskRow task, TaskError error) =>
        error.Kind is FailureKind.Permanent or FailureKind.Budget || AccountGate.IsOfAccount(CauseWords.Cause(error))
            ? $"{error.Message} (another try is of no use as things are)"
            : $"{error.Message} ({task.AttemptsUsed} of {task.MaxAttempts} attempts used)";

    private static string QueuedBecause(ExecutionStatus status, TaskError error, TimeSpan delay, IUnitOfWork unit)
    {
        var cause = $"the last attempt ended {VineJson.Name(status).Replace('_', ' ')}: {error.Message}";
        return delay <= TimeSpan.Zero
            ? cause
            : $"{cause}; next attempt not before {(unit.Now.Time() + delay).ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";
    }
}
