using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>Queues a failed task again, whether or not the dead letter still has it: <c>POST /api/v1/tasks/{id}/retry</c>.</summary>
internal static class RetryTask
{
    public static async Task<Ok<TaskView>> Handle(
        Guid id, Body<RequeueRequest>? body, Caller caller, IStore store, TaskRequeue requeue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit => await TaskRecords.ViewAsync(
                unit, await requeue.RunAsync(unit, id, body?.Value.Session, fromDeadLetter: false, caller.Name, cancellationToken)),
            cancellationToken));
}
