namespace AgentVine.Contracts.Executions;

/// <summary>
/// Transcript and work in progress of one moment of an attempt, stored together. The files are never older than the transcript: an
/// agent that is resumed from it finds every edit that it remembers.
/// </summary>
public sealed record CheckpointView
{
    /// <summary>The attempt.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>From 1 within the attempt, growing; numbers may be missing, since only complete checkpoints are stored.</summary>
    public required int N { get; init; }

    /// <summary>The attempt's task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The attempt's number.</summary>
    public required int Attempt { get; init; }

    /// <summary>The agent program's own session id; absent where the runtime keeps no transcript, and the files are all there is.</summary>
    public string? SessionId { get; init; }

    /// <summary>The transcript's length.</summary>
    public required long TranscriptBytes { get; init; }

    /// <summary>SHA-256 of the transcript, lower-case hexadecimal; absent without one.</summary>
    public string? TranscriptSha256 { get; init; }

    /// <summary>
    /// The snapshot's commit, on <c>refs/vine/wip/&lt;task&gt;/&lt;attempt&gt;</c>: its tree is the working tree, its last parent <see cref="HeadCommit"/>,
    /// the others the checkpoint before and every branch that the agent made.
    /// </summary>
    public required string Commit { get; init; }

    /// <summary>What the agent had checked out.</summary>
    public required string HeadCommit { get; init; }

    /// <summary>The commit of the target branch that the work builds on.</summary>
    public required string BaseCommit { get; init; }

    /// <summary>What made the worker store it.</summary>
    public required CheckpointTrigger Trigger { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
