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
}
