namespace AgentVine.Engine.Workers;

/// <summary>The fleet's rhythm; workers are told at registration.</summary>
public sealed record WorkersOptions
{
    /// <summary>How often a worker beats. Three missed beats make it offline.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a lease lasts from its last renewal.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long an agent may say and do nothing until it is taken for stalled; longer than the longest silent tool.</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary>Every fault, with the key to set; empty when sound.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (HeartbeatInterval < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_WORKERS__HEARTBEAT_INTERVAL is {HeartbeatInterval.TotalSeconds} s; it must be at least 1 s.");
        }

        if (Lease < HeartbeatInterval * 2)
        {
            faults.Add($"VINE_WORKERS__LEASE is {Lease.TotalSeconds} s; it must be at least twice the heartbeat's {HeartbeatInterval.TotalSeconds} s, or one lost beat loses work.");
        }

        if (StallAfter < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_WORKERS__STALL_AFTER is {StallAfter.TotalSeconds} s; it must be at least 1 s, and longer than the longest silent tool of an agent.");
        }

        return faults;
    }
}
