namespace AgentVine.Engine.Accounts;

/// <summary>The budgets that an attempt's task and repository have, in millionths of a dollar; null where there is none.</summary>
internal sealed record BudgetLimits(long? Task, long? RepositoryDay);
