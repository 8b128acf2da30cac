using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>Brings a task back from the dead letter, with all its attempts again: <c>POST /api/v1/tasks/{id}/retry</c>.</summary>
internal sealed class RetryTask(IStore store, TaskRecords tasks, WorkQueue queue)
{
    public static async Task<Ok<TaskView>> Handle(Guid id, Caller caller, RetryTask retry, CancellationToken cancellationToken) =>
        TypedResults.Ok(await retry.RunAsync(id, caller.Name, cancellationToken));

    private Task<TaskView> RunAsync(Guid id, string actor, CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await WorkQueue.LockOfTaskAsync(unit, id);
                var task = await TaskRecords.LockAsync(unit, id);
                if (task.State != AgentTaskStatus.Failed)
                {
                    throw new ProblemException(
                        409, Contracts.ErrorCodes.TasksTransition, $"Task {id} is {task.Status}; only a failed task can be retried.");
                }

                await queue.RemoveUnleasedAsync(unit, id, "requeued");
                task.AttemptsUsed = 0;

                // What cannot succeed as it stood is begun anew; the rest goes on from where it was given up.
                if (JsonColumn.Read<TaskError>(task.Error)?.Kind is FailureKind.Permanent or FailureKind.Budget)
                {
                    task.ResumeExecution = null;
                }

                await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "retried", "requeued from the dead letter", actor, cancellationToken);
                await queue.EnqueueAsync(unit, task, delay: null, cancellationToken);
                return await TaskRecords.ViewAsync(unit, task);
            },
            cancellationToken);
}
