using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Executions;

/// <summary>The body of <c>POST /api/v1/executions/{id}/stall</c>: the worker tells of an agent that makes no progress, or does again.</summary>
public sealed record StallRequest
{
    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>What happened.</summary>
    [Required]
    public StallStep? Step { get; init; }

    /// <summary>When the agent last said or did something.</summary>
    [Required]
    public DateTimeOffset? Since { get; init; }
}
