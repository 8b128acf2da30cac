using AgentVine.Engine.Kernel;
using Microsoft.Data.Sqlite;

namespace AgentVine.Storage.Sqlite;

/// <summary>Tells a database that cannot work now from a statement that is wrong.</summary>
internal static class SqliteFaults
{
    /// <summary><paramref name="exception"/>, as a <see cref="StoreUnavailableException"/> where a later try may succeed.</summary>
    public static Exception Tell(Exception exception, string path) => exception switch
    {
        SqliteException sqlite when Reason(sqlite.SqliteErrorCode) is { } reason =>
            new StoreUnavailableException($"The database '{path}' {reason} Nothing was stored; try again after. ({sqlite.Message})", exception),
        StoreRefusedException => new StoreUnavailableException(exception.Message, exception),
        _ => exception,
    };

    /// <summary>True for what <see cref="Tell"/> would turn.</summary>
    public static bool IsFault(Exception? exception) => exception is SqliteException sqlite && Reason(sqlite.SqliteErrorCode) is not null;

    private static string? Reason(int code) => code switch
    {
        SQLitePCL.raw.SQLITE_FULL => "cannot grow: free space on its disk.",
        SQLitePCL.raw.SQLITE_IOERR => "cannot be read or written: look after its disk.",
        SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED => "is locked by another program: close that one.",
        SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_PERM =>
            "cannot be written: restore the right to write the file and its folder.",
        SQLitePCL.raw.SQLITE_NOMEM => "has no memory left to work in: free some.",
        _ => null,
    };
}
