using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>A row of <c>checkpoints</c>. There is none without its transcript's blobs and its commit.</summary>
internal sealed class CheckpointRow
{
    public Guid ExecutionId { get; init; }

    public int N { get; init; }

    public Guid TaskId { get; init; }

    public int Attempt { get; init; }

    public string? SessionId { get; init; }

    public long TranscriptBytes { get; init; }

    public string? TranscriptSha256 { get; init; }

    /// <summary>JSON: the keys of the transcript's blobs, in order.</summary>
    public string TranscriptChunks { get; init; } = "[]";

    public string CommitId { get; init; } = "";

    public string HeadCommit { get; init; } = "";

    public string BaseCommit { get; init; } = "";

    public string Cause { get; init; } = "";

    /// <summary>When its transcript was copied: what happened later it does not know.</summary>
    public long TakenAt { get; init; }

    public long CreatedAt { get; init; }

    public IReadOnlyList<string> ReadChunks() => JsonColumn.Read<List<string>>(TranscriptChunks)!;

    public CheckpointView ToView() => new()
    {
        ExecutionId = ExecutionId,
        N = N,
        TaskId = TaskId,
        Attempt = Attempt,
        SessionId = SessionId,
        TranscriptBytes = TranscriptBytes,
        TranscriptSha256 = TranscriptSha256,
        Commit = CommitId,
        HeadCommit = HeadCommit,
        BaseCommit = BaseCommit,
        Trigger = VineJson.Parse<CheckpointTrigger>(Cause),
        CreatedAt = CreatedAt.Time(),
    };
}
