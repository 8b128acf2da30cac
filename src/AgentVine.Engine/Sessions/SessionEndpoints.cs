using AgentVine.Contracts;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Sessions;

/// <summary>Reading sessions, newest first.</summary>
internal static class SessionEndpoints
{
    public static (Paging Paging, Guid? TaskId, IReadOnlyList<SessionStatus> Statuses) ReadQuery(Query query) =>
        (Paging.Read(query), query.Guid("task_id"), query.Enum<SessionStatus>("status"));

    public static async Task<ListReply<SessionView>> List(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (paging, taskId, statuses) = Query.Read(context, ReadQuery);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var rows = taskId is { } id
                    ? [.. (await session.QueryAsync<SessionRow>(SessionsSql.OfTask, new { TaskId = id })).Where(row => Fits(row, statuses))]
                    : await PageAsync(session, paging, statuses);
                var next = taskId is null && rows.Count == paging.Limit ? rows[^1].Id.ToString() : null;
                return new ListReply<SessionView>([.. rows.Select(row => row.ToView())], await EventLog.LastSequenceAsync(session), next);
            },
            cancellationToken);
    }

    public static async Task<Ok<SessionView>> Show(Guid id, IStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok((await store.ReadAsync(Organizations.Default, session => SessionRecords.GetAsync(session, id), cancellationToken)).ToView());

    private static bool Fits(SessionRow row, IReadOnlyList<SessionStatus> statuses) =>
        statuses.Count == 0 || statuses.Contains(VineJson.Parse<SessionStatus>(row.Status));

    private static async Task<IReadOnlyList<SessionRow>> PageAsync(IReadSession session, Paging paging, IReadOnlyList<SessionStatus> statuses)
    {
        var before = paging.After is { } after ? await SessionRecords.GetAsync(session, after) : null;
        var beforeAt = before?.CreatedAt ?? long.MaxValue;
        var beforeId = before?.Id.ToString() ?? Paging.LastId;
        if (statuses.Count == 0)
        {
            return await session.QueryAsync<SessionRow>(SessionsSql.Page, new { BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit });
        }

        // A page of each status, merged: one that was thinned out afterwards would end the list too early.
        var rows = new List<SessionRow>();
        foreach (var status in statuses)
        {
            rows.AddRange(await session.QueryAsync<SessionRow>(
                SessionsSql.PageOfStatus, new { BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit, Status = VineJson.Name(status) }));
        }

        return [.. rows
            .OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id.ToString(), StringComparer.Ordinal)
            .Take(paging.Limit)];
    }
}
