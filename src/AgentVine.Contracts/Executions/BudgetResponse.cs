namespace AgentVine.Contracts.Executions;

/// <summary>The answer to an attempt that asks to spend.</summary>
/// <param name="GrantedUsd">The total that it may spend; what was granted once is not taken back.</param>
/// <param name="Refused">Why that is less than was asked for; absent when it is not.</param>
public sealed record BudgetResponse(decimal GrantedUsd, BudgetRefusal? Refused);
