using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Sessions;

/// <summary>
/// The body of <c>POST /api/v1/sessions/{id}/heartbeat</c>: whose conversation it is and how it stands. A pair that is not the server's
/// gets 409 <c>sessions.mapping_invalid</c>: open the session anew.
/// </summary>
public sealed record SessionHeartbeat
{
    /// <summary>The attempt that it works on.</summary>
    [Required]
    public Guid? ExecutionId { get; init; }

    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>The agent program's own session id.</summary>
    [Required, StringLength(200)]
    public string? SessionId { get; init; }

    /// <summary>When the agent last said or did something.</summary>
    public DateTimeOffset? ProgressAt { get; init; }

    /// <summary>Tokens of context in use.</summary>
    [Range(0, long.MaxValue)]
    public long? ContextTokens { get; init; }

    /// <summary>Tokens of context that the model has.</summary>
    [Range(1, long.MaxValue)]
    public long? ContextWindow { get; init; }

    /// <summary>List price in US dollars of this attempt so far.</summary>
    [Range(0, 1_000_000)]
    public decimal? CostUsd { get; init; }
}
