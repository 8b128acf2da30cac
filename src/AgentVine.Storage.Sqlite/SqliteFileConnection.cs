using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace AgentVine.Storage.Sqlite;

/// <summary>A connection that keeps its statements prepared. For one user at a time.</summary>
internal sealed class SqliteFileConnection(string connectionString) : SqliteConnection(connectionString)
{
    private readonly Dictionary<string, KeptCommand> _commands = [];

    /// <summary>True while a transaction is open: SQLite ends one by itself when the disk is full or fails.</summary>
    public bool InTransaction => SQLitePCL.raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>The command of a constant text. Disposing it gives it back.</summary>
    public SqliteCommand Prepared(string sql)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = new KeptCommand(sql, this);
            _commands.Add(sql, command);
        }

        return command;
    }

    /// <summary>Runs a text without parameters.</summary>
    public void Run(string sql)
    {
        using var command = Prepared(sql);
        command.ExecuteNonQuery();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            foreach (var command in _commands.Values)
            {
                command.Drop();
            }

            _commands.Clear();
        }

        base.Dispose(disposing);
    }

    private sealed class KeptCommand(string sql, SqliteConnection connection) : SqliteCommand(sql, connection)
    {
        public void Drop() => base.Dispose(true);

        [SuppressMessage("Usage", "CA2215", Justification = "Disposing gives the statement back; Drop ends it.")]
        protected override void Dispose(bool disposing) => Parameters.Clear();
    }
}
