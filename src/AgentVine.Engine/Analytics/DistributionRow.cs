namespace AgentVine.Engine.Analytics;

/// <summary>How spans of time are distributed, in microseconds.</summary>
internal sealed class DistributionRow : FactRow
{
    public long Items { get; init; }

    public long Total { get; init; }

    public long P50 { get; init; }

    public long P95 { get; init; }

    public long Longest { get; init; }
}
