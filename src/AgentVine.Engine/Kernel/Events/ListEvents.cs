using System.Globalization;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>A page of the log, oldest first: <c>GET /api/v1/events</c>. Without <c>after</c> it begins with the oldest that is kept.</summary>
internal static class ListEvents
{
    public static (EventFilter Filter, int Limit) Read(Query query) =>
        (EventFilter.Read(query), ReadLimit(query));

    /// <summary>As <see cref="Read"/>, where the address names the task.</summary>
    public static (EventFilter Filter, int Limit) ReadOfTask(Query query) =>
        (EventFilter.ReadOfTask(query), ReadLimit(query));

    public static Task<ListReply<EventView>> Handle(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (filter, limit) = Query.Read(context, Read);
        return store.ReadAsync(Organizations.Default, session => PageAsync(context, session, filter, limit), cancellationToken);
    }

    public static async Task<ListReply<EventView>> PageAsync(HttpContext context, IReadSession session, EventFilter filter, int limit)
    {
        var after = context.Request.Query.ContainsKey("after") ? filter.After : await EventLog.PrunedThroughAsync(session);
        var page = await filter.PageAsync(session, after, limit);
        var next = page.HasMore ? page.Through.ToString(CultureInfo.InvariantCulture) : null;
        return new ListReply<EventView>(page.Events, page.LastSequence, next);
    }

    private static int ReadLimit(Query query) => query.Int("limit", 1, Paging.MaximumLimit, Paging.DefaultLimit);
}
