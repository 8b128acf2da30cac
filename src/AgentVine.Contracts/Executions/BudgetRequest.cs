using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Executions;

/// <summary>The body of <c>POST /api/v1/executions/{id}/budget</c>: so much is spent, and the total is to be allowed to reach so much.</summary>
public sealed record BudgetRequest
{
    /// <summary>The fencing token of the attempt's lease.</summary>
    [Required]
    public long? LeaseToken { get; init; }

    /// <summary>All that the attempt spent so far, in US dollars of list price.</summary>
    [Required, Range(0.0, 1_000_000.0)]
    public decimal? SpentUsd { get; init; }

    /// <summary>The total that it wants to reach.</summary>
    [Required, Range(0.0, 1_000_000.0)]
    public decimal? WantedUsd { get; init; }
}
