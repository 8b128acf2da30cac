namespace AgentVine.Contracts.Analytics;

/// <summary>One metric over the range.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Unit">The unit of its figures.</param>
/// <param name="Series">One, or one a group that has something in the range, in the order of their names.</param>
/// <param name="Now">How it stands at the moment of the answer; only of what has a state: depths and sessions.</param>
public sealed record MetricView(AnalyticsMetric Metric, string Unit, IReadOnlyList<MetricSeries> Series, IReadOnlyList<MetricReading>? Now = null);
