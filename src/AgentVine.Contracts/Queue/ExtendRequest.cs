using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Queue;

/// <summary>The body of <c>POST /api/v1/queue/extend</c>: renews one lease for a full period, as a heartbeat does for all.</summary>
public sealed record ExtendRequest
{
    /// <summary>The worker that holds it.</summary>
    [Required]
    public Guid? WorkerId { get; init; }

    /// <summary>The leased order.</summary>
    [Required]
    public Guid? WorkOrderId { get; init; }

    /// <summary>Its fencing token; a stale one gets 409 <c>queue.lease_lost</c>.</summary>
    [Required]
    public long? LeaseToken { get; init; }
}
