namespace AgentVine.Engine.Analytics;

/// <summary>Sums over the samples of one queue.</summary>
internal sealed class DepthSumRow : FactRow
{
    public long Samples { get; init; }

    public long Ready { get; init; }

    public long Held { get; init; }

    public long Delayed { get; init; }

    public long Leased { get; init; }

    public long Dead { get; init; }

    public long MostReady { get; init; }
}
