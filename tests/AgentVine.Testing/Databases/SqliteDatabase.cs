using AgentVine.Engine.Kernel;
using AgentVine.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Testing.Databases;

/// <summary>A SQLite file in a folder of its own.</summary>
public sealed class SqliteDatabase : TestDatabase
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-sqlite-");

    /// <summary>The database file.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "vine.db");

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    protected override IStore Open(TimeProvider timeProvider) =>
        new SqliteStore(new SqliteStoreOptions { Path = Path }, timeProvider, NullLogger.Instance);
}
