using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Repositories;

/// <summary>The body of <c>PATCH /api/v1/repositories/{id}</c>.</summary>
public sealed record UpdateRepositoryRequest
{
    /// <summary>0 lifts the limit; absent leaves it.</summary>
    [Range(0, 10_000)]
    public int? MaxConcurrent { get; init; }

    /// <summary>0 lifts the budget; absent leaves it.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? DailyBudgetUsd { get; init; }
}
