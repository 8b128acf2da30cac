using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>A person's accept or reject: <c>POST /api/v1/tasks/{id}/accept</c> and <c>…/reject</c>.</summary>
internal static class DecideTask
{
    public static async Task<Ok<TaskView>> Accept(
        Guid id, Body<ReviewTaskRequest>? body, Caller caller, IStore store, TaskReview review, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit => await TaskRecords.ViewAsync(unit, await review.AcceptAsync(unit, id, body?.Value.Comment, caller.Name, cancellationToken)),
            cancellationToken));

    public static async Task<Ok<TaskView>> Reject(
        Guid id, Body<ReviewTaskRequest> body, Caller caller, IStore store, TaskReview review, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(body.Value.Comment))
        {
            throw Faults.Of("comment", "is required to reject: the agent is told what to change");
        }

        return TypedResults.Ok(await store.WriteAsync(
            Organizations.Default,
            async unit => await TaskRecords.ViewAsync(unit, await review.RejectAsync(unit, id, body.Value.Comment, caller.Name, cancellationToken)),
            cancellationToken));
    }
}
