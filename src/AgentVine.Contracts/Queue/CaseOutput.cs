using AgentVine.Contracts.Executions;

namespace AgentVine.Contracts.Queue;

/// <summary>The end of an attempt's output: at most 40 lines, and 16,000 characters.</summary>
/// <param name="ExecutionId">The attempt.</param>
/// <param name="Attempt">Its number.</param>
/// <param name="Earlier">How many lines before them are not here: <c>GET /api/v1/executions/{id}/output</c> has all.</param>
/// <param name="Lines">The lines. Of one that is too long, the beginning is left out, and <c>…</c> says so.</param>
public sealed record CaseOutput(Guid ExecutionId, int Attempt, long Earlier, IReadOnlyList<OutputLine> Lines);
