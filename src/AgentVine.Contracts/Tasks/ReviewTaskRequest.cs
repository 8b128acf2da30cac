using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Tasks;

/// <summary>The body of <c>POST /api/v1/tasks/{id}/accept</c> (may be absent) and <c>…/reject</c> (comment required).</summary>
public sealed record ReviewTaskRequest
{
    /// <summary>On reject, what the agent is told.</summary>
    [StringLength(20_000)]
    public string? Comment { get; init; }
}
