using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Conversations;

/// <summary>The body of <c>POST /api/v1/requests</c>, from a worker. Repeating it with the same id returns the stored request.</summary>
public sealed record OpenRequestRequest
{
    /// <summary>Chosen by the worker.</summary>
    [Required]
    public Guid? Id { get; init; }

    /// <summary>The attempt whose agent asks.</summary>
    [Required]
    public Guid? ExecutionId { get; init; }

    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>What is needed; <c>review</c> is the fleet's own to open.</summary>
    [Required]
    public RequestKind? Kind { get; init; }

    /// <summary>One line for the inbox.</summary>
    [Required, StringLength(500)]
    public string? Title { get; init; }

    /// <summary>More, in Markdown (a plan, say).</summary>
    [StringLength(100_000)]
    public string? Body { get; init; }

    /// <summary>For a question.</summary>
    [MaxLength(20)]
    public IReadOnlyList<RequestQuestion>? Questions { get; init; }

    /// <summary>For a permission.</summary>
    public RequestTool? Tool { get; init; }
}
