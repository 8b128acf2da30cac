namespace AgentVine.Contracts.Workers;

/// <summary>What a worker is told.</summary>
public enum WorkerCommandType
{
    /// <summary>Hand an answer to the agent that asked.</summary>
    Answer,

    /// <summary>Hand a person's message to the agent as a user turn.</summary>
    Message,

    /// <summary>Interrupt the agent's turn; the agent stays.</summary>
    Interrupt,

    /// <summary>The agent waits for a person by a tool of the fleet itself: its time stands still.</summary>
    Pause,

    /// <summary>That wait is over.</summary>
    Resume,

    /// <summary>End the attempt: its task was cancelled.</summary>
    Cancel,

    /// <summary>Take nothing new; finish what runs.</summary>
    Drain,

    /// <summary>End now, the named attempt or, without one, the whole worker; what runs is interrupted and queued again.</summary>
    Stop,

    /// <summary>The agent has waited long for a person: store a checkpoint, end its process, and park the attempt.</summary>
    Park,
}
