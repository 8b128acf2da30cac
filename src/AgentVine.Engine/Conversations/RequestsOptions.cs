namespace AgentVine.Engine.Conversations;

/// <summary>How long a request waits until something is done about it. None of it closes the request: only an answer or its agent does.</summary>
public sealed record RequestsOptions
{
    /// <summary>A request that nobody has answered by then is escalated.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>An attempt whose agent has waited so long is parked: its slot is free until the answer is there.</summary>
    public TimeSpan ParkAfter { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>Every fault, with the key to set; empty when sound.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (Timeout < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_REQUESTS__TIMEOUT is {Timeout.TotalSeconds} s; it must be at least 1 s.");
        }

        if (ParkAfter < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_REQUESTS__PARK_AFTER is {ParkAfter.TotalSeconds} s; it must be at least 1 s.");
        }

        return faults;
    }
}
