namespace AgentVine.Contracts.Tasks;

/// <summary>Where a task stands. Which moves exist is one table: <c>AgentTaskTransitions</c>.</summary>
public enum AgentTaskStatus
{
    /// <summary>Its work order waits in the queue. Left by a claim.</summary>
    Queued,

    /// <summary>A dependency is unfinished, failed or was cancelled. Left when the last dependency completes.</summary>
    Blocked,

    /// <summary>An agent works on it under a lease. Left by a request, the attempt's end, or the lease's.</summary>
    InProgress,

    /// <summary>A request of its agent is open. Left by the answer, or by the attempt's end.</summary>
    Waiting,

    /// <summary>The work is done and wants a person's yes. Left by accept or reject.</summary>
    InReview,

    /// <summary>Done.</summary>
    Completed,

    /// <summary>In the dead letter: a permanent error, or its attempts are used up. Left by a retry.</summary>
    Failed,

    /// <summary>Given up by a person. Final.</summary>
    Cancelled,
}
