namespace AgentVine.Engine.Accounts;

/// <summary>What all model calls together may cost.</summary>
public sealed record AccountsOptions
{
    /// <summary>US dollars of list price that the organization may spend in one UTC day; no limit when absent.</summary>
    public decimal? DayBudgetUsd { get; init; }
}
