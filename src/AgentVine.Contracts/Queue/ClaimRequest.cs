using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Queue;

/// <summary>The body of <c>POST /api/v1/queue/claim</c>.</summary>
public sealed record ClaimRequest
{
    /// <summary>The claiming worker.</summary>
    [Required]
    public Guid? WorkerId { get; init; }

    /// <summary>Chosen by the worker, new for each claim. Repeating it returns the same lease and never a second order.</summary>
    [Required]
    public Guid? ClaimId { get; init; }

    /// <summary>Queues to take from; all three when absent.</summary>
    [MaxLength(3)]
    public IReadOnlyList<string>? Queues { get; init; }

    /// <summary>Seconds to wait for work before 204.</summary>
    [Range(0, 60)]
    public int Wait { get; init; }
}
