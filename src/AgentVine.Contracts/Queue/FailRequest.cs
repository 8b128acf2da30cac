using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>The body of <c>POST /api/v1/queue/fail</c>.</summary>
public sealed record FailRequest
{
    /// <summary>The leased order.</summary>
    [Required]
    public Guid? WorkOrderId { get; init; }

    /// <summary>Its fencing token; a stale one gets 409 <c>queue.lease_lost</c>.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>Why the attempt failed.</summary>
    [Required]
    public TaskError? Error { get; init; }

    /// <summary>What was there when it failed: usage, and the branch where one was stored.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>Claims the next order in the same commit.</summary>
    public ClaimNext? ClaimNext { get; init; }
}
