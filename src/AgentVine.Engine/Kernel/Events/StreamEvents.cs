using System.Globalization;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>
/// The log as it grows, as server-sent events: <c>GET /api/v1/events/stream</c>. Goes on after <c>Last-Event-ID</c>, else after
/// <c>after</c>, else from now. A slow reader holds up itself alone: it is read for when it has taken what it was sent.
/// </summary>
internal static class StreamEvents
{
    private const int PageSize = 200;
    private const string LastEventId = "Last-Event-ID";

    public static async Task Handle(
        HttpContext context, IStore store, EventFeed feed, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var filter = Query.Read(context, EventFilter.Read);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var start = StartOf(context.Request, filter);
        try
        {
            // Read before the headers go out, so that 410 and 503 can still be told.
            var page = await store.ReadAsync(
                Organizations.Default,
                async session => await filter.PageAsync(session, start ?? await EventLog.LastSequenceAsync(session), PageSize),
                ended.Token);
            var stream = new EventStream(context.Response, time);
            await stream.StartAsync(ended.Token);
            while (true)
            {
                await stream.SendAsync(page.Events, ended.Token);
                if (!page.HasMore)
                {
                    await stream.KeepAliveUntilAsync(
                        patience => feed.WaitPastAsync(Organizations.Default, page.Through, patience), ended.Token);
                }

                page = await store.ReadAsync(Organizations.Default, session => filter.PageAsync(session, page.Through, PageSize), ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader left, or the server stops; the stream just ends.
        }
        catch (Exception exception) when (context.Response.HasStarted && exception is ProblemException or StoreUnavailableException)
        {
            // The reader comes back with Last-Event-ID, and is told then.
        }
    }

    private static long? StartOf(HttpRequest request, EventFilter filter)
    {
        // A browser that reconnects repeats the address it began with; the header knows better.
        if (request.Headers.TryGetValue(LastEventId, out var values) && values.ToString() is { Length: > 0 } text)
        {
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? sequence
                : throw Faults.Of(LastEventId, $"must be the id of an event, a whole number, not '{Faults.Printable(text)}'");
        }

        return request.Query.ContainsKey("after") ? filter.After : null;
    }
}
