using AgentVine.Contracts.Analytics;

namespace AgentVine.Client;

/// <summary>Which figures are wanted.</summary>
/// <param name="From">Where the range begins; 24 hours before its end when null.</param>
/// <param name="To">Where it ends, exclusive; now when null.</param>
/// <param name="Metrics">Only those; when empty, all that take the group.</param>
/// <param name="Bucket">What the range is cut into; one piece when null.</param>
/// <param name="Group">What they are told apart by.</param>
public sealed record AnalyticsFilter(
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    IReadOnlyList<AnalyticsMetric>? Metrics = null,
    AnalyticsBucket? Bucket = null,
    AnalyticsGroup? Group = null);
