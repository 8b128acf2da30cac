namespace AgentVine.Contracts.Executions;

/// <summary>One line of an execution's output stream.</summary>
public sealed record OutputLine
{
    /// <summary>From 1, gapless within the execution.</summary>
    public required long N { get; init; }

    /// <summary>When the worker saw it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it is.</summary>
    public required OutputKind Kind { get; init; }

    /// <summary>What a person reads; absent where the line is machinery.</summary>
    public string? Text { get; init; }

    /// <summary>The agent program's line as it wrote it; absent for the fleet's own words.</summary>
    public string? Raw { get; init; }
}
