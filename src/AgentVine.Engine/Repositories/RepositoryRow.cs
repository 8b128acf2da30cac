using AgentVine.Contracts.Repositories;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Repositories;

/// <summary>A row of <c>repositories</c>.</summary>
internal sealed class RepositoryRow
{
    public Guid Id { get; init; }

    public string Url { get; init; } = "";

    public string? DefaultBranch { get; init; }

    public int? MaxConcurrent { get; init; }

    /// <summary>Millionths of a dollar a day.</summary>
    public long? DailyBudget { get; init; }

    public long CreatedAt { get; init; }

    public RepositoryView ToView() => new()
    {
        Id = Id,
        Url = Url,
        DefaultBranch = DefaultBranch,
        MaxConcurrent = MaxConcurrent,
        DailyBudgetUsd = DailyBudget.Dollar(),
        CreatedAt = CreatedAt.Time(),
    };
}
