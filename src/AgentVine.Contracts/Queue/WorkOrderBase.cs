namespace AgentVine.Contracts.Queue;

/// <summary>
/// The merged base that earlier work builds on, which no repository has but the server's: it comes with
/// <c>GET /api/v1/executions/{execution_id}/base</c> of the checkpoint's attempt.
/// </summary>
/// <param name="Commit">Its commit.</param>
/// <param name="TargetCommit">The commit of the target branch that it was made of.</param>
public sealed record WorkOrderBase(string Commit, string TargetCommit);
