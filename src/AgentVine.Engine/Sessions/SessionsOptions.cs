namespace AgentVine.Engine.Sessions;

/// <summary>How long conversations are kept for the next task, and how many.</summary>
public sealed record SessionsOptions
{
    /// <summary>A kept session that nobody wanted for so long ends, reason <c>idle_timeout</c>.</summary>
    public TimeSpan MaxIdleTime { get; init; } = TimeSpan.FromSeconds(1800);

    /// <summary>A kept session older than this ends, reason <c>age</c>; one that works or waits does not.</summary>
    public TimeSpan MaxSessionAge { get; init; } = TimeSpan.FromSeconds(3600);

    /// <summary>Whether the session of a finished task serves the next similar one: same repository, type, permission level, runtime and model.</summary>
    public bool ReuseForSimilarTasks { get; init; } = true;

    /// <summary>Whether an attempt goes on with the conversation of the one before it; else it has that one's files, and begins anew.</summary>
    public bool ContextPreservation { get; init; } = true;

    /// <summary>How many sessions are kept; the one unused longest ends, reason <c>resource_limit</c>.</summary>
    public int MaxKept { get; init; } = 16;

    /// <summary>The share of its context above which a session is not kept, reason <c>context_full</c>.</summary>
    public double FullContext { get; init; } = 0.6;

    /// <summary>Every fault, with the key to set; empty when sound.</summary>
    public IReadOnlyList<string> Faults()
    {
        var faults = new List<string>();
        if (MaxIdleTime < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_SESSIONS__MAX_IDLE_TIME is {MaxIdleTime.TotalSeconds} s; it must be at least 1 s. To keep none, set VINE_SESSIONS__REUSE_FOR_SIMILAR_TASKS=false.");
        }

        if (MaxSessionAge < TimeSpan.FromSeconds(1))
        {
            faults.Add($"VINE_SESSIONS__MAX_SESSION_AGE is {MaxSessionAge.TotalSeconds} s; it must be at least 1 s.");
        }

        return faults;
    }
}
