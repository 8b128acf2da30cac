namespace AgentVine.Contracts.Analytics;

/// <summary>What a metric is told apart by. Which metric takes which stands in <c>docs/guide/analytics.md</c>.</summary>
public enum AnalyticsGroup
{
    /// <summary>The repository's address.</summary>
    Repository,

    /// <summary>The driver of the agent program.</summary>
    Runtime,

    /// <summary>The worker's name.</summary>
    Worker,

    /// <summary>The task's priority.</summary>
    Priority,

    /// <summary>The account that pays; empty where none does.</summary>
    Account,

    /// <summary>The model; empty where it is not known.</summary>
    Model,

    /// <summary>Why a session ended.</summary>
    EndReason,
}
