using AgentVine.Contracts.Analytics;

namespace AgentVine.Client;

public sealed partial class VineClient
{
    /// <summary>The fleet's figures.</summary>
    /// <exception cref="VineApiException">400: a metric does not take that group, or there are too many buckets.</exception>
    public Task<AnalyticsView> GetAnalyticsAsync(AnalyticsFilter filter, CancellationToken cancellationToken) =>
        ReadAsync<AnalyticsView>(
            ApiCall.Get(new ApiPath("analytics")
                .With("metric", filter.Metrics is { Count: > 0 } metrics ? string.Join(',', metrics.Select(Contracts.VineJson.Name)) : null)
                .With("from", Moment(filter.From))
                .With("to", Moment(filter.To))
                .With("bucket", filter.Bucket)
                .With("group", filter.Group)),
            cancellationToken);

    private static string? Moment(DateTimeOffset? moment) =>
        moment?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
