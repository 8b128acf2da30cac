using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>How deep the five queues are: <c>GET /api/v1/queue/status</c>.</summary>
internal static class ShowQueue
{
    public static async Task<Ok<QueueStatus>> Handle(
        IStore store, IEnumerable<IQueueDepthSource> conversations, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().Micros();
        var status = await store.ReadAsync(
            Organizations.Default,
            async session => new QueueStatus(
                await DepthsAsync(session, conversations, now, cancellationToken), await AccountBook.NotOpenAsync(session)),
            cancellationToken);
        return TypedResults.Ok(status);
    }

    /// <summary>All five, in the order in which they are told.</summary>
    public static async Task<IReadOnlyList<QueueDepth>> DepthsAsync(
        IReadSession session, IEnumerable<IQueueDepthSource> conversations, long now, CancellationToken cancellationToken)
    {
        var depths = await session.QueryAsync<DepthRow>(QueueSql.Depths);
        var closed = (await AccountGate.HeldAsync(session)).Keys.SelectMany(runtime => QueueNames.WorkOrders.Select(name => QueueRank.Lane(name, runtime))).ToHashSet();
        var all = QueueNames.WorkOrders.Select(name => Of(name, [.. depths.Where(depth => depth.Queue == name)], closed, now)).ToList();
        foreach (var source in conversations.OrderByDescending(source => source.Name, StringComparer.Ordinal))
        {
            var depth = await source.CountAsync(session, cancellationToken);
            all.Add(new QueueDepth(source.Name, depth.Orders, 0, 0, 0, 0, Age(depth.OldestReady, now)));
        }

        return all;
    }

    private static QueueDepth Of(string name, IReadOnlyList<DepthRow> rows, IReadOnlySet<string> closed, long now) => new(
        name,
        Ready: Count(rows, row => IsReady(row) && !closed.Contains(row.Lane)),
        Held: Count(rows, row => row is { State: "held", HeldReason: "repository" } || (IsReady(row) && closed.Contains(row.Lane))),
        Delayed: Count(rows, row => row is { State: "held", HeldReason: "delay" }),
        Leased: Count(rows, row => row.State == VineJson.Name(WorkOrderState.Leased)),
        Dead: Count(rows, row => row.State == VineJson.Name(WorkOrderState.Dead)),
        OldestReadySeconds: Age(rows.Where(row => !closed.Contains(row.Lane)).Min(row => row.OldestReady), now));

    private static bool IsReady(DepthRow row) => row.State == VineJson.Name(WorkOrderState.Ready);

    private static long Count(IEnumerable<DepthRow> rows, Func<DepthRow, bool> which) => rows.Where(which).Sum(row => row.Orders);

    private static double? Age(long? since, long now) => since is { } at ? Math.Max(0, (now - at) / 1e6) : null;

    private sealed class DepthRow
    {
        public string Queue { get; init; } = "";

        public string Lane { get; init; } = "";

        public string State { get; init; } = "";

        public string? HeldReason { get; init; }

        public long Orders { get; init; }

        public long? OldestReady { get; init; }
    }
}
