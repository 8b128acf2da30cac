namespace AgentVine.Contracts.Workers;

/// <summary>The protocol between worker and server. A server serves this version and the one before.</summary>
public static class WorkerProtocol
{
    /// <summary>Today's version.</summary>
    public const int Version = 1;

    /// <summary>The oldest version that is still served.</summary>
    public const int Oldest = 1;
}
