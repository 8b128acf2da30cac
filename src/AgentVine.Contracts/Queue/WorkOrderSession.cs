namespace AgentVine.Contracts.Queue;

/// <summary>
/// The conversation that the attempt goes on with: its transcript is that of the named checkpoint
/// (<c>GET /api/v1/executions/{execution_id}/checkpoints/{n}/transcript</c>).
/// </summary>
/// <param name="SessionId">The agent program's own id, which it keeps.</param>
/// <param name="ExecutionId">The attempt whose checkpoint has the transcript.</param>
/// <param name="N">That checkpoint's number.</param>
/// <param name="TranscriptBytes">The transcript's length.</param>
/// <param name="TranscriptSha256">Its SHA-256, lower-case hexadecimal: what differs is not restored.</param>
/// <param name="Reused">Whether it served another task before: the files are new to it.</param>
public sealed record WorkOrderSession(Guid ExecutionId, int N, string SessionId, long TranscriptBytes, string TranscriptSha256, bool Reused);
