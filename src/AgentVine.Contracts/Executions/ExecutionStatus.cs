namespace AgentVine.Contracts.Executions;

/// <summary>Where one attempt stands: running, or how it ended.</summary>
public enum ExecutionStatus
{
    /// <summary>Under a lease.</summary>
    Running,

    /// <summary>Handed back a result.</summary>
    Completed,

    /// <summary>Failed; the error stands beside.</summary>
    Failed,

    /// <summary>Cut short by its worker's stop.</summary>
    Interrupted,

    /// <summary>Its task was cancelled.</summary>
    Cancelled,

    /// <summary>A limit of the model's provider ended it.</summary>
    RateLimited,

    /// <summary>The task's timeout ran out.</summary>
    TimedOut,

    /// <summary>Its lease lapsed, or its worker was registered anew without it.</summary>
    Lost,

    /// <summary>Put away while its agent waits for a person; an answer brings the task back.</summary>
    Parked,
}
