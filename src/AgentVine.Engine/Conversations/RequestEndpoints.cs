using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Workers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Conversations;

/// <summary>The inbox's routes.</summary>
internal static class RequestEndpoints
{
    /// <summary>A permission carries the tool's whole input: a file to be written, say.</summary>
    public const long MaxRequestBytes = 8L * 1024 * 1024;

    private const int LongestWait = 60;

    /// <summary>A worker asks for its agent.</summary>
    public static Task<CreatedReply<RequestView>> Open(
        WorkerBody<OpenRequestRequest> body, HttpContext context, IdempotentWrite write, RequestDesk desk, CancellationToken cancellationToken)
    {
        var request = body.Value;
        Check(request);
        return write.CreateAsync(
            context,
            request,
            async unit =>
            {
                var execution = await LeaseEndpoints.UnderLeaseAsync(unit, request.ExecutionId!.Value, request.LeaseToken!.Value);
                var opened = await desk.OpenAsync(unit, execution, request, RequestRow.ThroughWorker, cancellationToken);
                return new NewResource<RequestView>($"/api/v1/requests/{opened.Id}", opened.ToView());
            },
            cancellationToken);
    }

    public static (Paging Paging, Guid? TaskId, IReadOnlyList<RequestStatus> Statuses) ReadQuery(Query query) =>
        (Paging.Read(query), query.Guid("task_id"), query.Enum<RequestStatus>("status"));

    public static async Task<ListReply<RequestView>> List(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (paging, taskId, statuses) = Query.Read(context, ReadQuery);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var rows = await PageAsync(session, paging, taskId, statuses);
                var next = taskId is null && rows.Count == paging.Limit ? rows[^1].Id.ToString() : null;
                return new ListReply<RequestView>([.. rows.Select(row => row.ToView())], await EventLog.LastSequenceAsync(session), next);
            },
            cancellationToken);
    }

    public static int ReadWait(Query query) => query.Int("wait", 0, LongestWait, 0);

    /// <summary>One request; with <c>wait</c>, an open one is held back until it is closed.</summary>
    public static async Task<Ok<RequestView>> Show(Guid id, HttpContext context, RequestWaiter waiter, CancellationToken cancellationToken)
    {
        var wait = TimeSpan.FromSeconds(Query.Read(context, ReadWait));
        return TypedResults.Ok((await waiter.WaitClosedAsync(Organizations.Default, id, wait, cancellationToken)).ToView());
    }

    public static async Task<Ok<RequestView>> Answer(
        Guid id, Body<RequestAnswer> body, Caller caller, IStore store, RequestDesk desk, CancellationToken cancellationToken)
    {
        var answered = await store.WriteAsync(
            Organizations.Default, unit => desk.AnswerAsync(unit, id, body.Value, caller.Name, cancellationToken), cancellationToken);
        FaultPoints.Reach("server.answer_committed");
        return TypedResults.Ok(answered.ToView());
    }

    public static async Task<Ok<RequestView>> Withdraw(Guid id, IStore store, RequestDesk desk, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.WriteAsync(
            Organizations.Default, unit => desk.WithdrawAsync(unit, id, cancellationToken), cancellationToken)).ToView());

    public static async Task<NoContent> Delivered(Guid id, IStore store, CancellationToken cancellationToken)
    {
        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await RequestDesk.DeliveredAsync(unit, id);
                return true;
            },
            cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IReadOnlyList<RequestRow>> PageAsync(
        IReadSession session, Paging paging, Guid? taskId, IReadOnlyList<RequestStatus> statuses)
    {
        bool Fits(RequestRow row) => statuses.Count == 0 || statuses.Contains(row.State);
        if (taskId is { } id)
        {
            return [.. (await session.QueryAsync<RequestRow>(ConversationsSql.RequestsOfTask, new { TaskId = id })).Where(Fits)];
        }

        var before = paging.After is { } after ? await RequestDesk.GetAsync(session, after) : null;
        var beforeAt = before?.AskedAt ?? long.MaxValue;
        var beforeId = before?.Id.ToString() ?? Paging.LastId;
        if (statuses.Count == 0)
        {
            return await session.QueryAsync<RequestRow>(
                ConversationsSql.RequestPage, new { BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit });
        }

        // A page of each status, merged: one that was thinned out afterwards would end the list too early.
        var rows = new List<RequestRow>();
        foreach (var status in statuses)
        {
            rows.AddRange(await session.QueryAsync<RequestRow>(
                ConversationsSql.RequestPageOfStatus,
                new { BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit, Status = VineJson.Name(status) }));
        }

        return [.. rows
            .OrderByDescending(row => row.AskedAt)
            .ThenByDescending(row => row.Id.ToString(), StringComparer.Ordinal)
            .Take(paging.Limit)];
    }

    private static void Check(OpenRequestRequest request)
    {
        var faults = new Faults();
        if (request.Kind == RequestKind.Review)
        {
            faults.Add("kind", "review is opened by the fleet itself, when an attempt's work wants one");
        }

        if (request.Kind == RequestKind.Question && request.Questions is not { Count: > 0 })
        {
            faults.Add("questions", "is required for a question");
        }

        if (request.Kind == RequestKind.Permission && request.Tool is null)
        {
            faults.Add("tool", "is required for a permission");
        }

        faults.ThrowIfAny();
    }
}
