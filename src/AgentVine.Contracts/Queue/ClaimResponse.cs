namespace AgentVine.Contracts.Queue;

/// <summary>The answer to a claim that found work.</summary>
public sealed record ClaimResponse(WorkOrderView WorkOrder);
