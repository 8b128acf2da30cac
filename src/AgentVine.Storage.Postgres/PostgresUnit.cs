using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>A unit in a transaction of its own.</summary>
internal sealed class PostgresUnit(Guid organizationId, NpgsqlConnection connection, TimeProvider timeProvider)
    : SqlUnit(organizationId, timeProvider.GetUtcNow().Micros(), sql => new NpgsqlCommand(sql, connection))
{
    private const string LeaseNow = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";

    /// <summary>The server's own clock: every node of the fleet reads the same.</summary>
    public override Task<long> LeaseNowAsync() => FirstOrDefaultAsync<long>(LeaseNow);

    /// <summary>Stores the events and commits in one round trip, so that the counter's row is locked no longer; answers the last sequence.</summary>
    public async Task<long?> CommitAsync()
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (text, parameters) in EventStatements())
        {
            var command = new NpgsqlBatchCommand(text);
            SqlParameters.Bind(command.Parameters, command.CreateParameter, OrganizationId, parameters);
            batch.BatchCommands.Add(command);
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        return (long?)await batch.ExecuteScalarAsync();
    }
}
