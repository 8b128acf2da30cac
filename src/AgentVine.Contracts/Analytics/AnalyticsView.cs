namespace AgentVine.Contracts.Analytics;

/// <summary>The answer to <c>GET /api/v1/analytics</c>.</summary>
/// <param name="From">Where the range begins; belongs to it.</param>
/// <param name="To">Where it ends; does not belong to it.</param>
/// <param name="Bucket">What it is cut into; absent for one piece.</param>
/// <param name="Group">What the metrics are told apart by, if anything.</param>
/// <param name="At">The moment of the answer: what still runs counts up to here.</param>
/// <param name="Metrics">What was asked for.</param>
public sealed record AnalyticsView(
    DateTimeOffset From, DateTimeOffset To, AnalyticsBucket? Bucket, AnalyticsGroup? Group, DateTimeOffset At, IReadOnlyList<MetricView> Metrics);
