using System.ComponentModel.DataAnnotations;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>The body of <c>POST /api/v1/queue/complete</c>.</summary>
public sealed record CompleteRequest
{
    /// <summary>The leased order.</summary>
    [Required]
    public Guid? WorkOrderId { get; init; }

    /// <summary>Its fencing token; a stale one gets 409 <c>queue.lease_lost</c>.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>What the attempt hands back. The branch was stored before (<c>PUT …/executions/{id}/branch</c>).</summary>
    [Required]
    public TaskResult? Result { get; init; }

    /// <summary>Claims the next order in the same commit.</summary>
    public ClaimNext? ClaimNext { get; init; }
}
