using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>A task that was given up, as the list of the dead letter shows it.</summary>
public sealed record DeadLetterView
{
    /// <summary>The task's id, which is the entry's too.</summary>
    public required Guid Id { get; init; }

    /// <summary>The task's title.</summary>
    public required string Title { get; init; }

    /// <summary>What ended its last attempt, for programs; absent where its worker did not say.</summary>
    public FailureCause? Cause { get; init; }

    /// <summary>What that is, in a sentence for people.</summary>
    public required string Words { get; init; }

    /// <summary>What the last attempt said of its end.</summary>
    public required string Message { get; init; }

    /// <summary>When it was given up.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>How long it stays in the dead letter. After that its task is failed as before, and <c>POST /api/v1/tasks/{id}/retry</c> still takes it.</summary>
    public required DateTimeOffset KeepUntil { get; init; }

    /// <summary>The task.</summary>
    public required TaskView Task { get; init; }
}
