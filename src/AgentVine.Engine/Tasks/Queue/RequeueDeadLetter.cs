using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>Brings tasks back from the dead letter: <c>POST /api/v1/queue/dead-letter/{id}/requeue</c> and, for many, <c>…/requeue</c>.</summary>
internal sealed class RequeueDeadLetter(IStore store, TaskRequeue requeue)
{
    public static async Task<Ok<TaskView>> One(
        Guid id, Body<RequeueRequest>? body, Caller caller, RequeueDeadLetter requeue, CancellationToken cancellationToken) =>
        TypedResults.Ok(await requeue.OneAsync(id, body?.Value.Session, caller.Name, cancellationToken));

    public static async Task<Ok<RequeueManyResponse>> Many(
        Body<RequeueManyRequest> body, Caller caller, RequeueDeadLetter requeue, CancellationToken cancellationToken)
    {
        Check(body.Value);
        return TypedResults.Ok(await requeue.ManyAsync(body.Value, caller.Name, cancellationToken));
    }

    private static void Check(RequeueManyRequest request)
    {
        var faults = new Faults();
        var all = request.All == true || request is { All: null, Cause: not null };
        if (all == request.Ids is not null)
        {
            faults.Add("ids", "give either ids, or all (true), with a cause or without");
        }
        else if (request is { Ids: not null, Cause: not null })
        {
            faults.Add("cause", "chooses among all; leave it out beside ids");
        }

        faults.ThrowIfAny();
    }

    private Task<TaskView> OneAsync(Guid id, RequeueSession? session, string actor, CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            async unit => await TaskRecords.ViewAsync(unit, await requeue.RunAsync(unit, id, session, fromDeadLetter: true, actor, cancellationToken)),
            cancellationToken);

    // One unit each: what cannot be requeued keeps nothing else back.
    private async Task<RequeueManyResponse> ManyAsync(RequeueManyRequest request, string actor, CancellationToken cancellationToken)
    {
        var requeued = new List<Guid>();
        var refused = new List<RequeueRefusal>();
        foreach (var id in request.Ids?.Distinct().ToList() ?? await AllAsync(request.Cause, cancellationToken))
        {
            try
            {
                await OneAsync(id, request.Session, actor, cancellationToken);
                requeued.Add(id);
            }
            catch (ProblemException refusal)
            {
                refused.Add(new RequeueRefusal(id, refusal.Code, refusal.Message));
            }
        }

        return new RequeueManyResponse(requeued.Count, requeued, refused);
    }

    // Oldest first, so that who waited longest is filed first again.
    private async Task<List<Guid>> AllAsync(FailureCause? cause, CancellationToken cancellationToken)
    {
        var all = new List<WorkOrderRow>();
        IReadOnlyList<WorkOrderRow> page;
        do
        {
            page = await store.ReadAsync(
                Organizations.Default,
                session => DeadLetter.PageAsync(session, all.Count == 0 ? null : all[^1], Paging.MaximumLimit, cause),
                cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Paging.MaximumLimit);
        all.Reverse();
        return [.. all.Select(order => order.TaskId)];
    }
}
