using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Tasks;

/// <summary>The list of tasks, newest first: <c>GET /api/v1/tasks</c>.</summary>
internal static class ListTasks
{
    public static (Paging Paging, IReadOnlyList<AgentTaskStatus> Statuses) Read(Query query) =>
        (Paging.Read(query), query.Enum<AgentTaskStatus>("status"));

    public static async Task<ListReply<TaskView>> Handle(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (paging, statuses) = Query.Read(context, Read);
        return await store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var rows = await PageAsync(session, paging, statuses);
                var views = await ViewsAsync(session, rows);
                var next = rows.Count == paging.Limit ? rows[^1].Id.ToString() : null;
                return new ListReply<TaskView>(views, await EventLog.LastSequenceAsync(session), next);
            },
            cancellationToken);
    }

    private static async Task<List<TaskRow>> PageAsync(IReadSession session, Paging paging, IReadOnlyList<AgentTaskStatus> statuses)
    {
        var beforeAt = long.MaxValue;
        if (paging.After is { } after)
        {
            beforeAt = await session.FirstOrDefaultAsync<long?>(TasksSql.CreatedAt, new { Id = after })
                ?? throw Faults.Of("after", $"names no task: {after}");
        }

        var beforeId = paging.After?.ToString() ?? Paging.LastId;
        if (statuses.Count == 0)
        {
            return [.. await session.QueryAsync<TaskRow>(TasksSql.Page, new { BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit })];
        }

        // One page of each status, merged: every one of them is a walk along an index.
        var rows = new List<TaskRow>();
        foreach (var status in statuses)
        {
            rows.AddRange(await session.QueryAsync<TaskRow>(
                TasksSql.PageOfStatus, new { Status = VineJson.Name(status), BeforeAt = beforeAt, BeforeId = beforeId, paging.Limit }));
        }

        return [.. rows
            .OrderByDescending(row => row.CreatedAt)
            .ThenByDescending(row => row.Id.ToString(), StringComparer.Ordinal)
            .Take(paging.Limit)];
    }

    private static async Task<IReadOnlyList<TaskView>> ViewsAsync(IReadSession session, List<TaskRow> rows)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var span = new { Oldest = rows.Min(row => row.CreatedAt), Newest = rows.Max(row => row.CreatedAt) };
        var dependencies = (await session.QueryAsync<Pair>(TasksSql.DependenciesCreatedBetween, span))
            .ToLookup(dependency => dependency.TaskId, dependency => dependency.OtherId);
        var subtasks = (await session.QueryAsync<Pair>(TasksSql.SubtasksOfCreatedBetween, span)).ToLookup(subtask => subtask.TaskId, subtask => subtask.OtherId);
        var held = await HeldTasks.ReadAsync(session, span.Oldest, span.Newest);
        return [.. rows.Select(row => held.Explain(row.ToView([.. dependencies[row.Id]], [.. subtasks[row.Id]])))];
    }

    private sealed record Pair(Guid TaskId, Guid OtherId);
}
