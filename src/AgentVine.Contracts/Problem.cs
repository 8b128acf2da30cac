namespace AgentVine.Contracts;

/// <summary>An error as the API tells it: RFC 9457, <c>application/problem+json</c>.</summary>
public sealed record Problem
{
    /// <summary>A link to the code's section in <c>docs/errors.md</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The rule, in a few words.</summary>
    public string? Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public int Status { get; init; }

    /// <summary>The value, the rule and the next step.</summary>
    public string? Detail { get; init; }

    /// <summary>Stable: see <see cref="ErrorCodes"/>.</summary>
    public string? Code { get; init; }

    /// <summary>Field → rules that it breaks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? Errors { get; init; }

    /// <summary>The request's trace, as in the server's log.</summary>
    public string? TraceId { get; init; }
}
