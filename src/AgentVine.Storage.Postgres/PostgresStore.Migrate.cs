using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>Migrations, one process at a time.</summary>
public sealed partial class PostgresStore
{
    private const int OldestServer = 13;

    // The number is arbitrary; it must never change, or two versions of vine would migrate at once.
    private const string Lock = "select pg_advisory_lock(8530214671902)";

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        // Not pooled: whatever happens, the lock goes with the connection.
        var settings = new NpgsqlConnectionStringBuilder(_settings.ConnectionString) { Pooling = false, CommandTimeout = 0 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < OldestServer)
            {
                throw new StoreRefusedException(
                    $"{_database} is PostgreSQL {connection.PostgreSqlVersion}; vine needs {OldestServer} or later. Upgrade the server.");
            }

            await ExecuteAsync(connection, Lock, cancellationToken);
            var migrations = new SchemaMigrations(connection, _database, _timeProvider, _logger);
            await migrations.ApplyAsync(MigrationScript.For(Dialect), cancellationToken);
        }
        catch (PostgresException exception) when (NeedsAPerson(exception.SqlState))
        {
            throw new StoreRefusedException(
                $"{_database} refuses: {exception.MessageText}. Create the database and the login, grant the rights, or correct --database.",
                exception);
        }
        catch (Exception exception) when (PostgresFaults.IsFault(exception))
        {
            throw PostgresFaults.Tell(exception, _database);
        }
    }

    private static bool NeedsAPerson(string state) =>
        state.StartsWith("28", StringComparison.Ordinal)
        || state is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege;
}
