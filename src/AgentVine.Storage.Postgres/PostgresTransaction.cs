using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>A transaction's names on the server, by which its outcome can be asked after the connection is gone.</summary>
internal sealed record PostgresTransaction(string Id, int ProcessId)
{
    // Ends what still holds the transaction open, so that its outcome is decided. Process ids come again: the transaction's own must match.
    private const string End = """
        select pg_terminate_backend(pid) from pg_stat_activity
        where pid = @ProcessId and backend_xid::text::bigint = @Id::text::numeric % 4294967296
        """;

    private const string Status = "select pg_xact_status(@Id::text::xid8)";

    /// <summary>Opens a transaction and learns its name, in one round trip.</summary>
    public static async Task<PostgresTransaction> BeginAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("begin isolation level read committed"), new("select pg_current_xact_id()::text") },
        };
        return new PostgresTransaction((string)(await batch.ExecuteScalarAsync())!, connection.ProcessID);
    }

    /// <summary>True when it committed, false when it did not, null while that is not decided.</summary>
    public async Task<bool?> AskAsync(NpgsqlConnection connection)
    {
        await ScalarAsync(connection, End);
        return await ScalarAsync(connection, Status) switch
        {
            "committed" => true,
            "aborted" => false,
            _ => null,
        };
    }

    private async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("Id", Id);
        command.Parameters.AddWithValue("ProcessId", ProcessId);
        return await command.ExecuteScalarAsync();
    }
}
