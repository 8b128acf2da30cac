using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Workers;

/// <summary>The body of <c>POST /api/v1/workers/{id}/heartbeat</c>: renews every lease it names and reconciles both sides.</summary>
public sealed record HeartbeatRequest
{
    /// <summary>What the worker says of itself; <c>offline</c> is not for it to say.</summary>
    [Required]
    public WorkerStatus? Status { get; init; }

    /// <summary>Why, for <c>error</c>.</summary>
    [StringLength(2000)]
    public string? StatusReason { get; init; }

    /// <summary>Every order that the worker holds, and no other.</summary>
    [Required, MaxLength(256)]
    public IReadOnlyList<LeaseBeat>? Leases { get; init; }
}
