using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Repositories;

/// <summary>The body of <c>POST /api/v1/repositories</c>; a task's URL does the same with the defaults.</summary>
public sealed record CreateRepositoryRequest
{
    /// <summary>A git URL or an absolute local path.</summary>
    [Required, StringLength(2048), SingleLine]
    public string? Url { get; init; }

    /// <inheritdoc cref="RepositoryView.MaxConcurrent"/>
    [Range(1, 10_000)]
    public int? MaxConcurrent { get; init; }

    /// <inheritdoc cref="RepositoryView.DailyBudgetUsd"/>
    [Range(0.01, 1_000_000.0)]
    public decimal? DailyBudgetUsd { get; init; }
}
