namespace AgentVine.Engine.Analytics;

/// <summary>What model calls came to; cost in millionths of a US dollar.</summary>
internal sealed class UsageSumRow : FactRow
{
    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }

    public long CacheWrite { get; init; }

    public long Cost { get; init; }
}
