namespace AgentVine.Contracts.Workers;

/// <summary>The protocol between worker and server. A server serves this version and the one before.</summary>
public static class WorkerProtocol
{
    /// <summary>Today's version. 2 brought checkpoints, parking and stalls; 3 accounts, usage and budgets.</summary>
    public const int Version = 3;

    /// <summary>The first version whose workers store checkpoints, go on from them, and park.</summary>
    public const int Checkpoints = 2;

    /// <summary>The first version whose workers tell of their accounts, of usage, and ask before they spend.</summary>
    public const int Accounts = 3;

    /// <summary>
    /// The oldest version that is still served: without accounts, so that a closed one does not hold its work back, and without asking, so
    /// that no budget stops its attempts; what they cost is counted at their end.
    /// </summary>
    public const int Oldest = 2;
}
