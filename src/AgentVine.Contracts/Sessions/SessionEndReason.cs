namespace AgentVine.Contracts.Sessions;

/// <summary>Why a session ended.</summary>
public enum SessionEndReason
{
    /// <summary>Its task's attempt was done.</summary>
    Completed,

    /// <summary>Its task was cancelled.</summary>
    Cancelled,

    /// <summary>Its worker was lost.</summary>
    WorkerLost,

    /// <summary>Its worker stopped or was drained.</summary>
    Interrupted,

    /// <summary>The attempt failed.</summary>
    Error,

    /// <summary>Nobody wanted it for <c>max_idle_time</c>.</summary>
    IdleTimeout,

    /// <summary>It was older than <c>max_session_age</c>.</summary>
    Age,

    /// <summary>Its context was nearly full.</summary>
    ContextFull,

    /// <summary>More sessions were kept than are wanted, and it was the one unused longest.</summary>
    ResourceLimit,
}
