using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>One attempt in a case file.</summary>
public sealed record CaseAttempt
{
    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>Its record.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>The name of the worker that ran it.</summary>
    public required string WorkerName { get; init; }

    /// <summary>When it was claimed.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; absent while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>What failed.</summary>
    public TaskError? Error { get; init; }

    /// <summary>List price in US dollars of its model calls; absent where that was not told.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Whether it went on from an earlier attempt's checkpoint.</summary>
    public required bool Resumed { get; init; }

    /// <summary>The number of its newest checkpoint; absent where it got to none.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>The branch that its work was stored on.</summary>
    public string? Branch { get; init; }

    /// <summary>What that branch was at.</summary>
    public string? Commit { get; init; }
}
