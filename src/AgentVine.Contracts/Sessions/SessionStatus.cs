namespace AgentVine.Contracts.Sessions;

/// <summary>Where an agent's conversation stands.</summary>
public enum SessionStatus
{
    /// <summary>Its agent works.</summary>
    Active,

    /// <summary>Its agent has nothing to do.</summary>
    Idle,

    /// <summary>Its agent waits for a person.</summary>
    Waiting,

    /// <summary>Ended; the reason stands beside.</summary>
    Terminated,
}
