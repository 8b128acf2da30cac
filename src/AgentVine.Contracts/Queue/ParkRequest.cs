using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>
/// The body of <c>POST /api/v1/queue/park</c>: the attempt's agent waits for a person and has been put away; its slot is free. No
/// attempt is burnt, its requests stay answerable, and an answer brings the task back at the head of its class.
/// </summary>
public sealed record ParkRequest
{
    /// <summary>The leased order.</summary>
    [Required]
    public Guid? WorkOrderId { get; init; }

    /// <summary>Its fencing token; a stale one gets 409 <c>queue.lease_lost</c>.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>Usage so far.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Claims the next order in the same commit.</summary>
    public ClaimNext? ClaimNext { get; init; }
}
