namespace AgentVine.Engine.Executions;

internal static class CheckpointsSql
{
    private const string Columns = """
        execution_id, n, task_id, attempt, session_id, transcript_bytes, transcript_sha256, transcript_chunks, commit_id, head_commit, base_commit,
        cause, taken_at, created_at
        """;

    public const string Insert = """
        insert into checkpoints (organization_id, execution_id, n, task_id, attempt, session_id, transcript_bytes, transcript_sha256,
            transcript_chunks, commit_id, head_commit, base_commit, cause, taken_at, created_at)
        values (@OrganizationId, @ExecutionId, @N, @TaskId, @Attempt, @SessionId, @TranscriptBytes, @TranscriptSha256,
            @TranscriptChunks, @CommitId, @HeadCommit, @BaseCommit, @Cause, @TakenAt, @CreatedAt)
        on conflict (organization_id, execution_id, n) do nothing
        """;

    public const string Newest = """
        update executions set checkpoint = @N
        where organization_id = @OrganizationId and id = @Id and (checkpoint is null or checkpoint < @N)
        """;

    public const string Find = $"""
        select {Columns} from checkpoints where organization_id = @OrganizationId and execution_id = @ExecutionId and n = @N
        """;

    public const string OfExecution = $"""
        select {Columns} from checkpoints where organization_id = @OrganizationId and execution_id = @ExecutionId order by n
        """;
}
