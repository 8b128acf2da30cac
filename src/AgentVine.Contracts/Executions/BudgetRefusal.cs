namespace AgentVine.Contracts.Executions;

/// <summary>The budget that is in the way.</summary>
/// <param name="Scope">Whose it is.</param>
/// <param name="LimitUsd">How much it is.</param>
/// <param name="SpentUsd">How much of it is spent or granted to attempts that run, this one included.</param>
/// <param name="Until">When it begins anew; absent for a task's.</param>
public sealed record BudgetRefusal(BudgetScope Scope, decimal LimitUsd, decimal SpentUsd, DateTimeOffset? Until)
{
    /// <summary>How much of <see cref="SpentUsd"/> is set aside for other attempts that run, or were lost, and not known to be spent.</summary>
    public decimal SetAsideUsd { get; init; }
}
