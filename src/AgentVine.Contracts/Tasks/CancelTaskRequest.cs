using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Tasks;

/// <summary>The body, which may be absent, of <c>POST /api/v1/tasks/{id}/cancel</c>.</summary>
public sealed record CancelTaskRequest
{
    /// <summary>Kept with the event.</summary>
    [StringLength(2000)]
    public string? Reason { get; init; }
}
