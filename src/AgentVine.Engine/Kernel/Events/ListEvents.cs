using System.Globalization;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>A page of the log, oldest first: <c>GET /api/v1/events</c>. Without <c>after</c> it begins with the oldest that is kept.</summary>
internal static class ListEvents
{
    public static (EventFilter Filter, int Limit) Read(Query query) =>
        (EventFilter.Read(query), query.Int("limit", 1, Paging.MaximumLimit, Paging.DefaultLimit));

    public static Task<ListReply<EventView>> Handle(HttpContext context, IStore store, CancellationToken cancellationToken)
    {
        var (filter, limit) = Query.Read(context, Read);
        return store.ReadAsync(
            Organizations.Default,
            async session =>
            {
                var after = context.Request.Query.ContainsKey("after") ? filter.After : await EventLog.PrunedThroughAsync(session);
                var page = await filter.PageAsync(session, after, limit);
                var next = page.HasMore ? page.Through.ToString(CultureInfo.InvariantCulture) : null;
                return new ListReply<EventView>(page.Events, page.LastSequence, next);
            },
            cancellationToken);
    }
}
