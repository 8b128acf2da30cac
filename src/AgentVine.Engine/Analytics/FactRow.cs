namespace AgentVine.Engine.Analytics;

/// <summary>A row of facts: of which bucket, counted from the window's first, and of which group.</summary>
internal abstract class FactRow
{
    public long Bucket { get; init; }

    public string Grp { get; init; } = "";
}
