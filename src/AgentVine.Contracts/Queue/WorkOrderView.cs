using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>A leased work order as its worker gets it.</summary>
public sealed record WorkOrderView
{
    /// <summary>UUID, version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The task, as it stood when it was claimed.</summary>
    public required TaskView Task { get; init; }

    /// <summary>The attempt's number, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>This attempt's record.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>The fencing token: it grows with every lease of the order, and only the newest has effect.</summary>
    public required long LeaseToken { get; init; }

    /// <summary>How long the lease lasts from the moment the worker sent its claim or renewal, in seconds. Count it on a monotonic clock.</summary>
    public required int LeaseSeconds { get; init; }

    /// <summary>For display: when it lapses by the server's clock.</summary>
    public required DateTimeOffset LeaseExpiresAt { get; init; }

    /// <summary>What the agent authenticates with at the <c>vine</c> MCP server; it opens nothing else and ends with the execution.</summary>
    public required string AgentToken { get; init; }

    /// <summary>The account that pays this attempt's model calls, one of the worker's; absent where none of its accounts serves the runtime.</summary>
    public string? Account { get; init; }

    /// <summary>What this attempt may spend; absent when no budget applies: its model calls need no leave then.</summary>
    public WorkOrderBudget? Budget { get; init; }

    /// <summary>What people wrote that no agent has seen, oldest first.</summary>
    public required IReadOnlyList<Feedback> Feedback { get; init; }

    /// <summary>Earlier work that this attempt goes on from, files and commits; absent when it starts from the target branch.</summary>
    public CheckpointView? Checkpoint { get; init; }

    /// <summary>The base that the checkpoint's work builds on, where that is no commit of the target branch; absent otherwise.</summary>
    public WorkOrderBase? MergedBase { get; init; }

    /// <summary>
    /// What its dependencies handed back, first to last. The attempt starts from the target branch with what that has not merged in; with a
    /// <see cref="Checkpoint"/> it keeps the base that it has, and this is what was told then.
    /// </summary>
    public IReadOnlyList<WorkOrderDependency> Dependencies { get; init; } = [];

    /// <summary>The conversation that it goes on with; absent when its agent begins anew.</summary>
    public WorkOrderSession? Session { get; init; }

    /// <summary>How the attempt that it goes on from ended, in words for its agent; absent without <see cref="Checkpoint"/>.</summary>
    public string? ResumedBecause { get; init; }
}
