using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>A person's yes or no to a task's result.</summary>
internal sealed class TaskReview(TaskRecords tasks, WorkQueue queue)
{
    public async Task<TaskRow> AcceptAsync(IUnitOfWork unit, Guid taskId, string? comment, string actor, CancellationToken cancellationToken)
    {
        var task = await TaskRecords.LockAsync(unit, taskId);
        if (task.State != AgentTaskStatus.InReview)
        {
            throw NotInReview(task, "accepted");
        }

        await tasks.MoveAsync(unit, task, AgentTaskStatus.Completed, "accepted", comment, actor, cancellationToken);
        return task;
    }

    /// <summary>Sends the work back: the next attempt goes on from its branch, with the comment in its first turn.</summary>
    public async Task<TaskRow> RejectAsync(IUnitOfWork unit, Guid taskId, string comment, string actor, CancellationToken cancellationToken)
    {
        var task = await TaskRecords.LockAsync(unit, taskId);
        if (task.State != AgentTaskStatus.InReview)
        {
            throw NotInReview(task, "rejected");
        }

        task.Feedback = comment;
        task.AttemptsUsed = 0;
        await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "rejected", "its work was rejected with comments", actor, cancellationToken);
        await queue.EnqueueAsync(unit, task, delay: null, cancellationToken);
        return task;
    }

    private static ProblemException NotInReview(TaskRow task, string verb) => new(
        409, Contracts.ErrorCodes.TasksTransition, $"Task {task.Id} is {task.Status}; only a task in_review can be {verb}.");
}
