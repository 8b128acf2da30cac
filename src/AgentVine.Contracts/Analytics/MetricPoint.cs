namespace AgentVine.Contracts.Analytics;

/// <summary>One bucket.</summary>
/// <param name="From">Where it begins; belongs to it.</param>
/// <param name="To">Where it ends; does not belong to it.</param>
/// <param name="Values">The figures by name. Counts and sums are 0 where there was nothing; means, shares and percentiles are null.</param>
public sealed record MetricPoint(DateTimeOffset From, DateTimeOffset To, IReadOnlyDictionary<string, decimal?> Values);
