using AgentVine.Engine.Kernel;
using AgentVine.Storage.Postgres;
using AgentVine.Testing.Databases;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Connections that end at every moment of a unit: what its caller is told is what the database holds.</summary>
public sealed class PostgresOutcomeTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>, IAsyncLifetime
{
    private const string Insert = "insert into outcomes (organization_id, label) values (@OrganizationId, @Label)";
    private const string Create = "create table if not exists outcomes (organization_id text not null, label text not null)";
    private const string Touch = "update outcomes set label = label where organization_id = @OrganizationId and label = @Label";
    private const string Terminate = "select pg_terminate_backend(@Pid)";

    private readonly List<string> _effects = [];
    private readonly List<long> _told = [];
    private Guid _organization;
    private ConnectionCutter? _cutter;
    private PostgresStore? _store;

    private PostgresStore Store => _store!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _organization = await database.AddOrganizationAsync();
        _cutter = new ConnectionCutter(database.Server.Socket);
        _store = Open(TimeProvider.System);
        await Store.WriteAsync(_organization, unit => unit.ExecuteAsync(Create), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        await _cutter!.DisposeAsync();
    }

    [Fact]
    public async Task Commit_IsAcknowledged_WhenOnlyItsAnswerWasLost()
    {
        _cutter!.Arm(Cut.AfterCommit);

        Assert.Equal(1, await WriteAsync("lost answer"));

        await AssertStoredAsync("lost answer");
    }

    [Theory]
    [InlineData(Cut.BeforeCommit)]
    [InlineData(Cut.HalfOpen)]
    public async Task Commit_IsToldAsNotStored_WhenServerNeverHeardOfIt(Cut cut)
    {
        _cutter!.Arm(cut);

        var thrown = await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync("unheard"));

        Assert.False(thrown.OutcomeUnknown);
        Assert.Equal(1, await WriteAsync("next"));
        await AssertStoredAsync("next");
    }

    [Fact]
    public async Task Commit_IsToldAsUnknown_WhenServerCannotBeAsked()
    {
        var time = new ManualTime();
        await using var store = Open(time);
        _cutter!.Arm(Cut.AfterCommit, refusesAfter: true);

        var write = WriteAsync("unknown", store);
        while (!write.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancellation);
        }

        var thrown = await Assert.ThrowsAsync<StoreUnavailableException>(() => write);
        Assert.True(thrown.OutcomeUnknown);
        Assert.Contains("may be stored", thrown.Message, StringComparison.Ordinal);
        Assert.Empty(_effects);
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Unit_IsToldAsNotStored_WhenItsConnectionIsKilled(bool beforeLastStatement)
    {
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.WriteAsync(
            _organization,
            async unit =>
            {
                unit.OnCommitted(() => _effects.Add("killed"));
                unit.Append(new EventDraft("test"));
                await unit.ExecuteAsync(Insert, new { Label = "killed" });
                await TerminateAsync(await unit.FirstOrDefaultAsync<int>("select pg_backend_pid()"));
                return beforeLastStatement ? await unit.ExecuteAsync(Insert, new { Label = "killed" }) : 0;
            },
            Cancellation));

        Assert.Equal(1, await WriteAsync("next"));
        await AssertStoredAsync("next");
    }

    [Fact]
    public async Task Unit_Lands_WhenIdleConnectionsWereClosed()
    {
        var pids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Store.ReadAsync(
            _organization, session => session.FirstOrDefaultAsync<int>("select pg_backend_pid() from pg_sleep(0.2)"), Cancellation)));
        foreach (var pid in pids.Distinct())
        {
            await TerminateAsync(pid);
        }

        Assert.Equal(1, await WriteAsync("next"));
        await AssertStoredAsync("next");
    }

    [Fact]
    public async Task Units_AllLand_WhenTheyDeadlock()
    {
        await WriteAsync("one");
        await WriteAsync("two");
        var meeting = new Barrier(2);
        var runs = 0;

        async Task<int> SwapAsync(string first, string second)
        {
            var met = false;
            return await Store.WriteAsync(
                _organization,
                async unit =>
                {
                    Interlocked.Increment(ref runs);
                    await unit.ExecuteAsync(Touch, new { Label = first });
                    if (!met)
                    {
                        met = true;
                        await Task.Run(() => meeting.SignalAndWait(Cancellation), Cancellation);
                    }

                    return await unit.ExecuteAsync(Touch, new { Label = second });
                },
                Cancellation);
        }

        var touched = await Task.WhenAll(SwapAsync("one", "two"), SwapAsync("two", "one"));

        Assert.Equal([1, 1], touched);
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task Migrate_IsRefused_WhenDatabaseIsMissing()
    {
        var settings = new NpgsqlConnectionStringBuilder(database.Settings.ConnectionString) { Database = "missing" };
        await using var store = new PostgresStore(settings.ConnectionString, TimeProvider.System, NullLogger.Instance);

        var thrown = await Assert.ThrowsAsync<StoreRefusedException>(() => store.MigrateAsync(Cancellation));

        Assert.Contains("missing", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Address_MayBeAUrl()
    {
        var url = $"postgres://postgres:a%20b@localhost/{database.Settings.Database}?host={Uri.EscapeDataString(database.Settings.Host!)}&sslmode=disable";
        await using var store = new PostgresStore(url, TimeProvider.System, NullLogger.Instance);

        await store.MigrateAsync(Cancellation);
    }

    [Fact]
    public void Address_IsRefusedWithoutBeingRepeated_WhenItIsNeither()
    {
        var thrown = Assert.Throws<StoreRefusedException>(
            () => new PostgresStore("Hots=x;Password=hunter2", TimeProvider.System, NullLogger.Instance));

        Assert.DoesNotContain("hunter2", thrown.ToString(), StringComparison.Ordinal);
        Assert.Contains("--database", thrown.Message, StringComparison.Ordinal);
    }

    private PostgresStore Open(TimeProvider time)
    {
        var settings = new NpgsqlConnectionStringBuilder(database.Settings.ConnectionString)
        {
            Host = "127.0.0.1",
            Port = _cutter!.Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        };
        var store = new PostgresStore(settings.ConnectionString, time, NullLogger.Instance);
        store.EventsCommitted += (_, last) => _told.Add(last);
        return store;
    }

    private Task<int> WriteAsync(string label, IStore? store = null) => (store ?? Store).WriteAsync(
        _organization,
        unit =>
        {
            unit.OnCommitted(() => _effects.Add(label));
            unit.Append(new EventDraft("test"));
            return unit.ExecuteAsync(Insert, new { Label = label });
        },
        Cancellation);

    private async Task AssertStoredAsync(string label)
    {
        var stored = await database.Store.ReadAsync(
            _organization,
            session => session.QueryAsync<string>("select label from outcomes where organization_id = @OrganizationId"),
            Cancellation);
        Assert.Equal([label], stored);
        Assert.Equal([label], _effects);
        Assert.Equal([1L], _told);
    }

    private async Task TerminateAsync(int pid)
    {
        await using var connection = new NpgsqlConnection(database.Settings.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(Terminate, connection);
        command.Parameters.AddWithValue("Pid", pid);
        await command.ExecuteScalarAsync(Cancellation);
    }
}
