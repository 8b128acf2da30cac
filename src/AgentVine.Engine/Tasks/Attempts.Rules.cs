using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

internal sealed partial class Attempts
{
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
        return AttemptEnd.Refused(
            $"The lease of work order {workOrderId} is over: its attempt ended as {execution.Status}. What was sent is kept with execution {execution.Id}; it changes nothing else.");
    }

    private static TaskResult WithStoredBranch(ExecutionRow execution, TaskResult result) => result with
    {
        Commit = execution.HeadCommit,
        BaseCommit = execution.BaseCommit ?? result.BaseCommit,
        DiffStat = JsonColumn.Read<DiffStat>(execution.DiffStat),
        Checked = execution.HeadCommit is null ? "no_change" : "unchecked",
    };

    private static bool Burns(FailureKind kind) => kind is FailureKind.Transient or FailureKind.BadResult or FailureKind.TimedOut;

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
        error.Kind is FailureKind.Permanent or FailureKind.Budget
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
