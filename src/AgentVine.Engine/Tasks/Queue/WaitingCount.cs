namespace AgentVine.Engine.Tasks.Queue;

/// <summary>How many wait, and since when the oldest does (microseconds in UTC).</summary>
internal sealed class WaitingCount
{
    public long Orders { get; init; }

    public long? OldestReady { get; init; }
}
