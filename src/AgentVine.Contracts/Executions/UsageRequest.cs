using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Executions;

/// <summary>The body of <c>PUT /api/v1/executions/{id}/usage</c>. Taken also after the attempt's end: what was spent was spent.</summary>
public sealed record UsageRequest
{
    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>Rows that changed since they were last told; one a minute and model.</summary>
    [Required, MaxLength(1000)]
    public IReadOnlyList<UsageRow>? Rows { get; init; }
}
