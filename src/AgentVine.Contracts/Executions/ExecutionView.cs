using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Executions;

/// <summary>One attempt's record as the API shows it.</summary>
public sealed record ExecutionView
{
    /// <summary>UUID, version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The work order.</summary>
    public required Guid WorkOrderId { get; init; }

    /// <summary>The attempt's number, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Who ran it.</summary>
    public required Guid WorkerId { get; init; }

    /// <summary>Its name, which outlives its registration.</summary>
    public required string WorkerName { get; init; }

    /// <summary>The agent program's own session id, once known.</summary>
    public string? SessionId { get; init; }

    /// <summary>The driver.</summary>
    public required string Runtime { get; init; }

    /// <summary>The account that pays its model calls; absent where none does.</summary>
    public string? Account { get; init; }

    /// <summary>What its model calls cost so far, in US dollars of list price.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>Where it stands.</summary>
    public required ExecutionStatus Status { get; init; }

    /// <summary>How it failed.</summary>
    public TaskError? Error { get; init; }

    /// <summary>What it handed back, also where the result came too late to have effect.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>The branch that its work was stored on, in the server's repository.</summary>
    public string? Branch { get; init; }

    /// <summary>
    /// The commit that its work builds on, where dependencies' work was merged into the target branch for it: what its diff is taken against.
    /// </summary>
    public string? MergedBase { get; init; }

    /// <summary>How many lines of output are stored.</summary>
    public required long OutputCount { get; init; }

    /// <summary>Since when its worker host has not been heard of while it is shown running; absent while it is confirmed.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }

    /// <summary>Since when its agent is alive and does nothing.</summary>
    public DateTimeOffset? StalledSince { get; init; }

    /// <summary>The attempt whose checkpoint it went on from.</summary>
    public Guid? ResumedFrom { get; init; }

    /// <summary>The number of its newest complete checkpoint; absent before the first.</summary>
    public int? Checkpoint { get; init; }

    /// <summary>When it was claimed.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}
