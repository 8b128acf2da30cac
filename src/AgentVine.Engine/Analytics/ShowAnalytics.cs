using AgentVine.Contracts.Analytics;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Analytics;

/// <summary>The fleet's figures: <c>GET /api/v1/analytics</c>.</summary>
internal static class ShowAnalytics
{
    /// <summary>Tells the API's description what the route takes.</summary>
    public static AnalyticsQuestion Describe(Query query) => AnalyticsQuestion.Read(query, DateTimeOffset.UnixEpoch);

    public static async Task<Ok<AnalyticsView>> Handle(
        HttpContext context, IStore store, IEnumerable<IQueueDepthSource> conversations, TimeProvider time, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var question = Query.Read(context, query => AnalyticsQuestion.Read(query, now));
        return TypedResults.Ok(await store.ReadAsync(
            Organizations.Default, session => AnswerAsync(session, question, conversations, cancellationToken), cancellationToken));
    }

    private static async Task<AnalyticsView> AnswerAsync(
        IReadSession session, AnalyticsQuestion question, IEnumerable<IQueueDepthSource> conversations, CancellationToken cancellationToken)
    {
        var window = question.Window;
        var reader = new MetricReader(session, question, each => ShowQueue.DepthsAsync(each, conversations, window.Now, cancellationToken));
        var metrics = new List<MetricView>();
        foreach (var source in question.Metrics)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var now = source.ReadNowAsync is { } readNow ? await readNow(reader) : null;
            metrics.Add(new MetricView(source.Metric, source.Unit, await source.ReadAsync(reader), now));
        }

        return new AnalyticsView(window.From.Time(), window.To.Time(), question.Bucket, question.Group, window.Now.Time(), metrics);
    }
}
