using AgentVine.Contracts.Executions;

namespace AgentVine.Engine.Executions;

/// <summary>What an attempt wanted to spend in all, in millionths of a dollar, and the budget that was in the way.</summary>
internal sealed record RefusedAsk(BudgetRefusal By, long Wanted);
