namespace AgentVine.Contracts.Workers;

/// <summary>What a worker does now.</summary>
public enum WorkerStatus
{
    /// <summary>Nothing is leased to it.</summary>
    Idle,

    /// <summary>An agent of its works.</summary>
    Busy,

    /// <summary>All its agents wait for people.</summary>
    Waiting,

    /// <summary>It says that it cannot work; the reason stands beside.</summary>
    Error,

    /// <summary>It finishes what it has and takes nothing new.</summary>
    Draining,

    /// <summary>Deregistered, or three heartbeats are missing.</summary>
    Offline,
}
