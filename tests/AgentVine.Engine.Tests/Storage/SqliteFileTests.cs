using AgentVine.Engine.Kernel;
using AgentVine.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Files that are not opened, and why.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-sqlite-");

    private string Database => Path.Combine(_folder.FullName, "vine.db");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Open_IsRefused_WhenAnotherHasTheFile()
    {
        await using (var first = Open(Database))
        {
            var thrown = Assert.Throws<StoreRefusedException>(() => Open(Database));
            Assert.Contains("in use by another vine process", thrown.Message, StringComparison.Ordinal);
        }

        await using var next = Open(Database);
        await next.MigrateAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Open_IsRefused_WhenFileIsNoDatabase()
    {
        await File.WriteAllTextAsync(Database, new string('x', 5000));

        var thrown = Assert.Throws<StoreRefusedException>(() => Open(Database));

        Assert.Contains($"'{Database}' is not a SQLite database", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), await File.ReadAllTextAsync(Database));
        File.Delete(Database);
        await using var store = Open(Database);
    }

    [Fact]
    public async Task Open_IsRefused_WhenFolderIsAFile()
    {
        await File.WriteAllTextAsync(Database, "");

        var thrown = Assert.Throws<StoreRefusedException>(() => Open(Path.Combine(Database, "inner", "vine.db")));

        Assert.Contains("--data", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_IsRefused_WhenFolderCannotBeWritten()
    {
        // Not even root makes files in /proc.
        var thrown = Assert.Throws<StoreRefusedException>(() => Open("/proc/vine.db"));

        Assert.Contains("--data", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MakesFolderAndFile_WhenMissing()
    {
        var path = Path.Combine(_folder.FullName, "a", "b", "vine.db");

        await using var store = Open(path);

        Assert.True(File.Exists(path));
    }

    private static SqliteStore Open(string path) => new(new SqliteStoreOptions { Path = path }, TimeProvider.System, NullLogger.Instance);
}
