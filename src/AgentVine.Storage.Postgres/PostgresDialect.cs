using AgentVine.Engine.Kernel;

namespace AgentVine.Storage.Postgres;

/// <summary>PostgreSQL's words.</summary>
public sealed class PostgresDialect : ISqlDialect
{
    /// <summary>The one there is.</summary>
    public static PostgresDialect Instance { get; } = new();

    private PostgresDialect()
    {
    }

    /// <inheritdoc/>
    public string Name => "postgres";

    /// <inheritdoc/>
    public bool IsShared => true;

    /// <inheritdoc/>
    public string ForUpdateSkipLocked => " for update skip locked";
}
