namespace AgentVine.Contracts.Conversations;

/// <summary>Where a request stands.</summary>
public enum RequestStatus
{
    /// <summary>Wants an answer.</summary>
    Open,

    /// <summary>Has one; <c>delivered_at</c> says whether the agent has it too.</summary>
    Answered,

    /// <summary>Nobody waits for it any more.</summary>
    Cancelled,
}
