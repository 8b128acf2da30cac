using System.Globalization;
using AgentVine.Chaos.Database;
using AgentVine.Testing.Databases;
using AgentVine.Testing.Fleet;

namespace AgentVine.Chaos.Fleet;

/// <summary>The server over a private PostgreSQL, in a program of the suite.</summary>
internal sealed class PostgresKind : IServerKind
{
    private readonly PostgresServer _database;
    private readonly string _address;

    private PostgresKind(PostgresServer database, string address) => (_database, _address, Pid) = (database, address, database.Pid);

    public string Name => "PostgreSQL";

    public string? Folder => null;

    /// <summary>The database's first process.</summary>
    public int Pid { get; private set; }

    /// <summary>Whether the database's processes are gone.</summary>
    public bool IsDown => !Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{Pid}"));

    public static async Task<PostgresKind> StartAsync()
    {
        var database = new PostgresServer();
        return new PostgresKind(database, (await database.CreateDatabaseAsync()).ConnectionString);
    }

    public VineProcess Start(IReadOnlyList<string> arguments, Dictionary<string, string> settings)
    {
        settings[ServeOnPostgres.AddressVariable] = _address;
        settings[ServeOnPostgres.PostmasterVariable] = string.Create(CultureInfo.InvariantCulture, $"{Pid}");
        return VineProcess.Start(arguments, settings, "AgentVine.Chaos");
    }

    public async Task StartAgainAsync()
    {
        await _database.StartAgainAsync();
        Pid = _database.Pid;
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();
}
