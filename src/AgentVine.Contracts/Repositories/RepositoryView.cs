namespace AgentVine.Contracts.Repositories;

/// <summary>A git repository that tasks work on.</summary>
public sealed record RepositoryView
{
    /// <summary>UUID, version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>As tasks name it, without credentials.</summary>
    public required string Url { get; init; }

    /// <summary>Known once a worker has asked the repository.</summary>
    public string? DefaultBranch { get; init; }

    /// <summary>At most so many of its orders are leased at once; no limit when absent.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>What the model calls of its tasks may cost in one UTC day, in US dollars of list price; no limit when absent.</summary>
    public decimal? DailyBudgetUsd { get; init; }

    /// <summary>When it was first named.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
