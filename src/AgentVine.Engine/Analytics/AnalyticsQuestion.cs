using AgentVine.Contracts;
using AgentVine.Contracts.Analytics;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Analytics;

/// <summary>What is asked: the metrics, the window, the group.</summary>
internal sealed record AnalyticsQuestion(
    IReadOnlyList<MetricSource> Metrics, AnalyticsWindow Window, AnalyticsBucket? Bucket, AnalyticsGroup? Group)
{
    /// <summary>A day by the minute, two months by the hour, four years by the day.</summary>
    public const int MostBuckets = 1500;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromHours(24);

    /// <summary>Reads the query; without a range, the 24 hours that end at <paramref name="now"/>.</summary>
    public static AnalyticsQuestion Read(Query query, DateTimeOffset now)
    {
        var metrics = query.Enum<AnalyticsMetric>("metric");
        var from = query.Moment("from");
        var to = query.Moment("to") ?? (from is { } begin && begin >= now ? begin + DefaultRange : now);
        var bucket = query.EnumOne<AnalyticsBucket>("bucket");
        var group = query.EnumOne<AnalyticsGroup>("group");
        var start = from ?? (to - DateTimeOffset.MinValue > DefaultRange ? to - DefaultRange : DateTimeOffset.MinValue);
        if (start >= to)
        {
            query.Faults.Add("from", $"must be before 'to'; {Moment(start)} is not before {Moment(to)}");
            (start, to) = (now - DefaultRange, now);
        }

        var window = new AnalyticsWindow(start.Micros(), to.Micros(), bucket, now.Micros());
        if (window.Count > MostBuckets)
        {
            query.Faults.Add("bucket", $"cuts the range into {window.Count} pieces, and at most {MostBuckets} are given; choose a longer bucket or a shorter range");
        }

        return new AnalyticsQuestion(Choose(query, metrics, group), window, bucket, group);
    }

    private static List<MetricSource> Choose(Query query, IReadOnlyList<AnalyticsMetric> metrics, AnalyticsGroup? group)
    {
        if (metrics.Count == 0)
        {
            return [.. MetricCatalog.All.Where(source => group is not { } all || source.Groups.Contains(all))];
        }

        var chosen = metrics.Select(MetricCatalog.Of).ToList();
        foreach (var source in chosen)
        {
            if (group is { } wanted && !source.Groups.Contains(wanted))
            {
                var takes = source.Groups.Count == 0 ? "none" : string.Join(", ", source.Groups.Select(VineJson.Name));
                query.Faults.Add("group", $"'{VineJson.Name(wanted)}' is not for {VineJson.Name(source.Metric)}, which takes {takes}");
            }
        }

        return chosen;
    }

    private static string Moment(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
