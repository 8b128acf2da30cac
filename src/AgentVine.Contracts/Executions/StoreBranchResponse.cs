using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Executions;

/// <summary>The answer to <c>PUT /api/v1/executions/{id}/branch</c>: the commits are in the server's repository.</summary>
public sealed record StoreBranchResponse(string Branch, string Commit, DiffStat DiffStat);
