using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Workers;

/// <summary>One lease in a heartbeat.</summary>
public sealed record LeaseBeat
{
    /// <summary>The leased order.</summary>
    [Required]
    public Guid? WorkOrderId { get; init; }

    /// <summary>Its fencing token.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>The agent program's own session id, once known.</summary>
    [StringLength(200)]
    public string? SessionId { get; init; }

    /// <summary>When the agent's process was last seen alive.</summary>
    public DateTimeOffset? AliveAt { get; init; }

    /// <summary>When the agent last said or did something.</summary>
    public DateTimeOffset? ProgressAt { get; init; }
}
