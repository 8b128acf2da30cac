namespace AgentVine.Contracts.Queue;

/// <summary>What there is to know of a task that was given up: why, what was tried, what was kept of it, and what to try next.</summary>
public sealed record CaseFile
{
    /// <summary>The entry as the list shows it.</summary>
    public required DeadLetterView Entry { get; init; }

    /// <summary>What its agent said last; absent when no attempt of it said anything.</summary>
    public CaseOutput? LastOutput { get; init; }

    /// <summary>All that was tried, oldest first.</summary>
    public required IReadOnlyList<CaseAttempt> Attempts { get; init; }

    /// <summary>What was kept of the work.</summary>
    public required CaseSalvage Salvaged { get; init; }

    /// <summary>What a person can do, the likeliest first.</summary>
    public required IReadOnlyList<CaseAdvice> ToTry { get; init; }
}
