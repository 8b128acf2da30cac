namespace AgentVine.Engine.Analytics;

/// <summary>How many of one kind.</summary>
internal sealed class CountRow : FactRow
{
    public string Kind { get; init; } = "";

    public long Items { get; init; }
}
