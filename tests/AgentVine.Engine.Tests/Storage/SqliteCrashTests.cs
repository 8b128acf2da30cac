using System.Diagnostics;
using AgentVine.Engine.Kernel;
using AgentVine.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>A process that writes is killed; what it acknowledged is there, and the file opens at once.</summary>
public sealed class SqliteCrashTests : IDisposable
{
    private const string FolderVariable = "VINE_TEST_CRASH_FOLDER";
    private const int Writers = 8;

    // Made when first asked for: the child is given its parent's.
    private readonly Lazy<DirectoryInfo> _folder = new(() => Directory.CreateTempSubdirectory("vine-crash-"));

    private string Folder => _folder.Value.FullName;

    public void Dispose()
    {
        if (_folder.IsValueCreated)
        {
            _folder.Value.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Kill_LosesNothingAcknowledged()
    {
        for (var life = 1; life <= 3; life++)
        {
            await KillAfterAsync(acknowledged: life * 400);
        }

        var acknowledged = Acknowledged(Folder);
        await using var store = await OpenAsync(Folder);
        var stored = await store.ReadAsync(
            Organizations.Default, session => session.QueryAsync<string>("select label from notes"), CancellationToken.None);
        var events = await store.ReadAsync(
            Organizations.Default, session => session.QueryAsync<long>("select sequence from events order by sequence"), CancellationToken.None);
        Assert.Empty(acknowledged.Except(stored));
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(sequence => (long)sequence), events);
    }

    /// <summary>The process that is killed: this test's own executable, started for this method alone.</summary>
    [Fact(Explicit = true)]
    public async Task Child_WritesUntilKilled()
    {
        var folder = Environment.GetEnvironmentVariable(FolderVariable)
            ?? throw new InvalidOperationException($"Only {nameof(Kill_LosesNothingAcknowledged)} runs this, with {FolderVariable} set.");
        await using var store = await OpenAsync(folder);
        await store.WriteAsync(
            Organizations.Default, unit => unit.ExecuteAsync("create table if not exists notes (label text not null)"), CancellationToken.None);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteForEverAsync(store, folder, writer))));
    }

    private static async Task WriteForEverAsync(SqliteStore store, string folder, int writer)
    {
        // What a killed process has handed to the system stays: the file needs no flush to the disk.
        await using var acknowledgements = new FileStream(
            Path.Combine(folder, $"acknowledged-{writer}"), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        while (true)
        {
            var label = Guid.NewGuid().ToString();
            await store.WriteAsync(
                Organizations.Default,
                unit =>
                {
                    unit.Append(new EventDraft("test"));
                    return unit.ExecuteAsync("insert into notes (label) values (@Label)", new { Label = label });
                },
                CancellationToken.None);
            await acknowledgements.WriteAsync(System.Text.Encoding.ASCII.GetBytes(label + "\n"));
        }
    }

    private async Task KillAfterAsync(int acknowledged)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath!,
            ["-explicit", "only", "-method", $"{typeof(SqliteCrashTests).FullName}.{nameof(Child_WritesUntilKilled)}"])
        {
            Environment = { [FolderVariable] = Folder },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync();
        var errors = child.StandardError.ReadToEndAsync();
        try
        {
            var begun = TimeProvider.System.GetTimestamp();
            while (Acknowledged(Folder).Count < acknowledged)
            {
                Assert.False(child.HasExited, child.HasExited ? $"The child ended: {await output}{await errors}" : "");
                Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), "The child does not write.");
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }

    // A line that the kill cut short was not acknowledged.
    private static List<string> Acknowledged(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "acknowledged-*").SelectMany(file =>
        {
            using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            var text = reader.ReadToEnd();
            return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }),
    ];

    private static async Task<SqliteStore> OpenAsync(string folder)
    {
        var store = new SqliteStore(new SqliteStoreOptions { Path = Path.Combine(folder, "vine.db") }, TimeProvider.System, NullLogger.Instance);
        await store.MigrateAsync(CancellationToken.None);
        return store;
    }
}
