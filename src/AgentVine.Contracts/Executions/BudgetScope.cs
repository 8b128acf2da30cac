namespace AgentVine.Contracts.Executions;

/// <summary>Whose budget it is.</summary>
public enum BudgetScope
{
    /// <summary>The task's, over all its attempts.</summary>
    Task,

    /// <summary>Its repository's, for one UTC day.</summary>
    Repository,

    /// <summary>The organization's, for one UTC day.</summary>
    Day,
}
