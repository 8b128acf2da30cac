namespace AgentVine.Contracts.Queue;

/// <summary>The body, which may be absent, of <c>POST /api/v1/queue/dead-letter/{id}/requeue</c>, and of <c>POST /api/v1/tasks/{id}/retry</c>.</summary>
public sealed record RequeueRequest
{
    /// <summary>Default: <c>same</c>, but <c>fresh</c> where the failure came of the conversation or of what it was asked.</summary>
    public RequeueSession? Session { get; init; }
}
