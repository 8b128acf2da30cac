namespace AgentVine.Contracts.Queue;

/// <summary>Earlier work that this attempt goes on from: fetch it with <c>GET /api/v1/executions/{id}/branch</c>.</summary>
/// <param name="ExecutionId">The attempt whose branch it is.</param>
/// <param name="Attempt">That attempt's number.</param>
/// <param name="Commit">The branch's commit.</param>
public sealed record ContinueFrom(Guid ExecutionId, int Attempt, string Commit);
