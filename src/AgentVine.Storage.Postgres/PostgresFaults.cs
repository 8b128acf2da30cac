using System.Net.Sockets;
using AgentVine.Engine.Kernel;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>Tells a server that cannot work now from a statement that is wrong, and from one that may simply run again.</summary>
internal static class PostgresFaults
{
    /// <summary>True when the transaction lost to another's and can run again from its start.</summary>
    public static bool IsRerunnable(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected };

    /// <summary>True when the server, the way to it or its resources fail.</summary>
    public static bool IsFault(Exception? exception) => exception switch
    {
        PostgresException postgres => IsFault(postgres.SqlState),
        NpgsqlOperationInProgressException => false,
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };

    /// <summary><paramref name="exception"/>, as a <see cref="StoreUnavailableException"/> where a later try may succeed.</summary>
    public static Exception Tell(Exception exception, string database) => IsFault(exception) || IsRerunnable(exception)
        ? new StoreUnavailableException($"{database} cannot do this now: {exception.Message}. Nothing was stored; try again.", exception)
        : exception;

    // Connection; resources (disk full, too many connections); shutdown and start-up; the system's own; a server that only reads; a
    // time limit.
    private static bool IsFault(string state) =>
        state.StartsWith("08", StringComparison.Ordinal)
        || state.StartsWith("53", StringComparison.Ordinal)
        || state.StartsWith("57P", StringComparison.Ordinal)
        || state.StartsWith("58", StringComparison.Ordinal)
        || state is PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.QueryCanceled;
}
