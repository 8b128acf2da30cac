using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>The one way back from failed to queued, with all attempts again: of a retry, of the dead letter, and of a changed status.</summary>
internal sealed class TaskRequeue(TaskRecords tasks, WorkQueue queue)
{
    /// <param name="unit">The unit.</param>
    /// <param name="id">The task.</param>
    /// <param name="session">What its next attempt begins with; null leaves that to the failure.</param>
    /// <param name="fromDeadLetter">Whether it must be in the dead letter still, and not past its keeping.</param>
    /// <param name="actor">The person.</param>
    /// <param name="cancellationToken">Cancels before the unit, never within.</param>
    public async Task<TaskRow> RunAsync(
        IUnitOfWork unit, Guid id, RequeueSession? session, bool fromDeadLetter, string actor, CancellationToken cancellationToken)
    {
        await WorkQueue.LockOfTaskAsync(unit, id);
        var task = await TaskRecords.LockAsync(unit, id);
        if (task.State != AgentTaskStatus.Failed)
        {
            throw new ProblemException(
                409, ErrorCodes.TasksTransition, $"Task {id} is {task.Status}; only a failed task can be retried.");
        }

        if (fromDeadLetter && await unit.FirstOrDefaultAsync<WorkOrderRow>(DeadLetterSql.Find, new { TaskId = id }) is null)
        {
            throw DeadLetter.NotThere(id);
        }

        await queue.RemoveUnleasedAsync(unit, id, "requeued");
        task.AttemptsUsed = 0;
        var from = await PointAsync(unit, task, session ?? DefaultFor(JsonColumn.Read<TaskError>(task.Error)));
        task.ResumeExecution = from?.Id;
        var reason = from is null
            ? "requeued from the dead letter, to begin anew"
            : $"requeued from the dead letter, to go on from checkpoint {from.Checkpoint ?? from.ResumedCheckpoint} of attempt {from.Attempt}";
        await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "retried", reason, actor, cancellationToken);
        await queue.EnqueueAsync(unit, task, delay: null, cancellationToken);
        return task;
    }

    // What came of the conversation, or of what it was asked, comes again with it; the rest goes on from where it was given up.
    internal static RequeueSession DefaultFor(TaskError? error) => error switch
    {
        { Cause: FailureCause.PromptTooLong or FailureCause.Refusal or FailureCause.RequestRefused } => RequeueSession.Fresh,
        { Kind: FailureKind.Permanent, Cause: null or FailureCause.Other } => RequeueSession.Fresh,
        _ => RequeueSession.Same,
    };

    // The attempt that was noted when it failed, else the newest that has a checkpoint.
    private static async Task<ExecutionRow?> PointAsync(IUnitOfWork unit, TaskRow task, RequeueSession session)
    {
        if (session == RequeueSession.Fresh)
        {
            return null;
        }

        var attempts = await unit.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = task.Id });
        var noted = attempts.FirstOrDefault(attempt => attempt.Id == task.ResumeExecution);
        return noted is not null && await CheckpointRecords.PointOfAsync(unit, noted) is not null
            ? noted
            : attempts.LastOrDefault(attempt => attempt.Checkpoint is not null);
    }
}
