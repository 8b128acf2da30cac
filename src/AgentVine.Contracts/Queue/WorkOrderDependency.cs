namespace AgentVine.Contracts.Queue;

/// <summary>
/// Work of a task that this one depends on, in the same repository and for the same target branch. Its commits come with
/// <c>GET /api/v1/executions/{execution_id}/branch</c>.
/// </summary>
/// <param name="TaskId">The task.</param>
/// <param name="Title">Its title.</param>
/// <param name="Branch">Its branch, <c>vine/…</c>.</param>
/// <param name="Commit">What it handed back.</param>
/// <param name="ExecutionId">The attempt that did.</param>
public sealed record WorkOrderDependency(Guid TaskId, string Title, string Branch, string Commit, Guid ExecutionId);
