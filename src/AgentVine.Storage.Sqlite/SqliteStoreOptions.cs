namespace AgentVine.Storage.Sqlite;

/// <summary>Where the database is, and how much waits or runs at once.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The database file; it and its folder are made when missing. Beside it lie <c>-wal</c>, <c>-shm</c> and <c>.lock</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Units that share one commit, at most.</summary>
    public int MaxGroup { get; init; } = 256;

    /// <summary>Units that wait for the writer, at most; further callers wait to get in line.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>Connections for reading.</summary>
    public int Readers { get; init; } = 4;
}
