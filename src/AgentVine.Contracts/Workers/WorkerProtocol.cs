namespace AgentVine.Contracts.Workers;

/// <summary>The protocol between worker and server. A server serves this version and the one before.</summary>
public static class WorkerProtocol
{
    /// <summary>Today's version. 2 brought checkpoints, parking and stalls.</summary>
    public const int Version = 2;

    /// <summary>The first version whose workers store checkpoints, go on from them, and park.</summary>
    public const int Checkpoints = 2;

    /// <summary>The oldest version that is still served: without checkpoints, so that its attempts are not parked and begin anew.</summary>
    public const int Oldest = 1;
}
