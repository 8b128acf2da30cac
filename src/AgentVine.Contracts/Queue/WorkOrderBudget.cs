namespace AgentVine.Contracts.Queue;

/// <summary>What an attempt may spend on model calls, in US dollars of list price; more is asked for at <c>POST /api/v1/executions/{id}/budget</c>.</summary>
/// <param name="GrantedUsd">The total that is granted so far.</param>
/// <param name="SpentUsd">The total that is known to be spent.</param>
public sealed record WorkOrderBudget(decimal GrantedUsd, decimal SpentUsd);
