namespace AgentVine.Contracts.Analytics;

/// <summary>A metric over time.</summary>
/// <param name="Group">The queue, or the value of the group that was asked for; absent where nothing is told apart.</param>
/// <param name="Points">One a bucket, in order, empty ones among them.</param>
public sealed record MetricSeries(string? Group, IReadOnlyList<MetricPoint> Points);
