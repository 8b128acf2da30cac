namespace AgentVine.Contracts.Analytics;

/// <summary>How a metric stands at one moment.</summary>
/// <param name="Group">The queue, or the value of the group that was asked for; absent where nothing is told apart.</param>
/// <param name="Values">The figures by name.</param>
public sealed record MetricReading(string? Group, IReadOnlyDictionary<string, decimal?> Values);
