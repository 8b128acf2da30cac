namespace AgentVine.Contracts.Tasks;

/// <summary>How an attempt failed.</summary>
public sealed record TaskError
{
    /// <summary>Decides what happens next: see <see cref="FailureKind"/>.</summary>
    public required FailureKind Kind { get; init; }

    /// <summary>What happened, for programs; absent where an older worker did not say.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>The cause in words that a person can act on.</summary>
    public required string Message { get; init; }

    /// <summary>Not before this moment is another attempt of use (a rate limit's reset).</summary>
    public DateTimeOffset? RetryAt { get; init; }
}
