namespace AgentVine.Chaos.Faults;

/// <summary>How it is struck.</summary>
internal enum Strike
{
    /// <summary>It ends itself where <c>FaultPoints.Reach</c> says so.</summary>
    AtItsPoint,

    /// <summary>It is killed when the log tells of something.</summary>
    Killed,

    /// <summary>It is killed and comes back when every lease would have run out.</summary>
    AwayPastALease,

    /// <summary>It stands still for longer than a lease.</summary>
    PausedPastALease,

    /// <summary>A worker is killed while the server, which stands still, has its report unread.</summary>
    KilledBehindAPausedServer,

    /// <summary>The server's disk has no room left, while many write at once.</summary>
    DiskFull,
}
