using AgentVine.Engine.Kernel;

namespace AgentVine.Storage.Sqlite;

/// <summary>SQLite's words.</summary>
public sealed class SqliteDialect : ISqlDialect
{
    /// <summary>The one there is.</summary>
    public static SqliteDialect Instance { get; } = new();

    private SqliteDialect()
    {
    }

    /// <inheritdoc/>
    public string Name => "sqlite";

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public string ForUpdateSkipLocked => "";
}
