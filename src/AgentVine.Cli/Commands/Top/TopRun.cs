using AgentVine.Contracts.Tasks;

namespace AgentVine.Cli.Commands.Top;

/// <summary>An attempt that runs.</summary>
internal sealed record TopRun
{
    public required Guid TaskId { get; init; }

    public required string Title { get; init; }

    public required AgentTaskStatus Status { get; init; }

    public required int Attempt { get; init; }

    public required string Runtime { get; init; }

    /// <summary>As its agent named it, or its task.</summary>
    public string? Model { get; init; }

    public string? Worker { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>What the task's attempts have cost so far, as far as it is told.</summary>
    public decimal? CostUsd { get; init; }

    public DateTimeOffset? UnconfirmedSince { get; init; }

    public DateTimeOffset? StalledSince { get; init; }
}
