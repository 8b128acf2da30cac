using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>
/// Gives a task up: <c>POST /api/v1/tasks/{id}/cancel</c>. The decision stands at once; a running attempt is told, and is shown as
/// running until its worker has stopped it.
/// </summary>
internal sealed class CancelTask(IStore store, TaskRecords tasks, WorkQueue queue)
{
    public static async Task<Ok<TaskView>> Handle(
        Guid id, Body<CancelTaskRequest>? body, Caller caller, CancelTask cancel, CancellationToken cancellationToken) =>
        TypedResults.Ok(await cancel.RunAsync(id, body?.Value.Reason, caller.Name, cancellationToken));

    private Task<TaskView> RunAsync(Guid id, string? reason, string actor, CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            async unit => await TaskRecords.ViewAsync(unit, await InUnitAsync(unit, id, reason, actor, cancellationToken)),
            cancellationToken);

    public async Task<TaskRow> InUnitAsync(IUnitOfWork unit, Guid id, string? reason, string actor, CancellationToken cancellationToken)
    {
        await WorkQueue.LockOfTaskAsync(unit, id);
        var task = await TaskRecords.LockAsync(unit, id);
        await tasks.MoveAsync(unit, task, AgentTaskStatus.Cancelled, "cancelled", reason, actor, cancellationToken);
        await queue.RemoveUnleasedAsync(unit, id, "cancelled");
        return task;
    }
}
