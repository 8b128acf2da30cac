using AgentVine.Contracts.Analytics;

namespace AgentVine.Engine.Analytics;

/// <summary>Where a metric comes from.</summary>
/// <param name="Metric">Which.</param>
/// <param name="Unit">The unit of its figures.</param>
/// <param name="Groups">What it can be told apart by.</param>
/// <param name="ReadAsync">Reads it.</param>
internal sealed record MetricSource(
    AnalyticsMetric Metric, string Unit, IReadOnlyList<AnalyticsGroup> Groups, Func<MetricReader, Task<IReadOnlyList<MetricSeries>>> ReadAsync)
{
    /// <summary>Reads how it stands now; null where it has no state.</summary>
    public Func<MetricReader, Task<IReadOnlyList<MetricReading>>>? ReadNowAsync { get; init; }
}
