using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Git.Names;

namespace AgentVine.Engine.Executions;

/// <summary>What a worker announces of a checkpoint before it sends it.</summary>
internal sealed record CheckpointUpload(
    long LeaseToken,
    int N,
    string? SessionId,
    long TranscriptBytes,
    string? TranscriptSha256,
    string Commit,
    string Head,
    string Base,
    CheckpointTrigger Trigger,
    TimeSpan Age)
{
    public static CheckpointUpload Read(Query query)
    {
        var upload = new CheckpointUpload(
            query.Long("lease_token", 0, long.MaxValue, -1),
            query.Int("n", 1, int.MaxValue, 0),
            query.Text("session_id"),
            query.Long("transcript_bytes", 0, CheckpointEndpoints.MaxTranscriptBytes, 0),
            query.Text("transcript_sha256"),
            Commit: CommitOf(query, "commit"),
            Head: CommitOf(query, "head"),
            Base: CommitOf(query, "base"),
            Trigger: query.Enum<CheckpointTrigger>("trigger") is [var trigger] ? trigger : CheckpointTrigger.Tool,
            TimeSpan.FromMilliseconds(query.Long("age_ms", 0, (long)TimeSpan.FromDays(365).TotalMilliseconds, 0)));
        if (upload.N == 0)
        {
            query.Faults.Add("n", "is required: the checkpoint's number within its attempt, from 1");
        }

        if ((upload.TranscriptBytes > 0) != (upload.TranscriptSha256 is { Length: 64 }) || (upload.TranscriptBytes > 0) != (upload.SessionId is not null))
        {
            query.Faults.Add("transcript_sha256", "transcript_bytes, transcript_sha256 (64 hexadecimal digits) and session_id come together, or none of them");
        }

        return upload;
    }

    public CheckpointRow ToRow(ExecutionRow execution, IReadOnlyList<string> chunks, long receivedAt, long now) => new()
    {
        ExecutionId = execution.Id,
        N = N,
        TaskId = execution.TaskId,
        Attempt = execution.Attempt,
        SessionId = SessionId,
        TranscriptBytes = TranscriptBytes,
        TranscriptSha256 = TranscriptSha256,
        TranscriptChunks = JsonColumn.Write(chunks)!,
        CommitId = Commit,
        HeadCommit = Head,
        BaseCommit = Base,
        Cause = VineJson.Name(Trigger),
        TakenAt = receivedAt - Age.Micros(),
        CreatedAt = now,
    };

    private static string CommitOf(Query query, string name)
    {
        var text = query.Text(name);
        if (!CommitId.IsValid(text))
        {
            query.Faults.Add(name, "must be a full commit id: 40 hexadecimal digits");
        }

        return text ?? "";
    }
}
