using AgentVine.Engine.Kernel;
using AgentVine.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentVine.Testing.Databases;

/// <summary>A database of its own on the assembly's <see cref="PostgresServer"/>.</summary>
public sealed class PostgresDatabase(PostgresServer server) : TestDatabase
{
    private NpgsqlConnectionStringBuilder? _settings;

    /// <summary>The server that it is on.</summary>
    public PostgresServer Server => server;

    /// <summary>How to connect to it.</summary>
    public NpgsqlConnectionStringBuilder Settings => _settings ?? throw new InvalidOperationException("The fixture is not initialized.");

    public override async ValueTask InitializeAsync()
    {
        _settings = await server.CreateDatabaseAsync();
        await base.InitializeAsync();
    }

    protected override IStore Open(TimeProvider timeProvider) =>
        new PostgresStore(Settings.ConnectionString, timeProvider, NullLogger.Instance);
}
