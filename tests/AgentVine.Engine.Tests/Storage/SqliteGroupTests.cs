using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>Units that share one commit, and what befalls them when it fails.</summary>
public sealed class SqliteGroupTests : IAsyncLifetime
{
    private const string Insert = "insert into loads (n, data) values (@N, @Data)";

    private readonly SqliteDatabase _database = new();

    private IStore Store => _database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        await WriteAsync(unit => unit.ExecuteAsync("create table loads (n integer not null primary key, data text not null)"));
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task DiskFull_FailsOnlyUnitsThatDoNotFit_WhenInsideGroup()
    {
        await LimitPagesAsync(spare: 20);
        var effects = new List<int>();
        var gate = await WriterGate.CloseAsync(Store);

        var units = new[] { 1_000, 5_000_000, 1_000, 2_000_000, 1_000 }.Select((size, number) => WriteAsync(unit =>
        {
            unit.OnCommitted(() => effects.Add(number));
            unit.Append(new EventDraft("test"));
            return unit.ExecuteAsync(Insert, new { N = number, Data = new string('x', size) });
        })).ToList();
        await gate.DisposeAsync();

        var acknowledged = await AcknowledgedAsync(units);
        Assert.Equal([0, 2, 4], acknowledged);
        Assert.Equal([0, 2, 4], effects);
        await _database.ReopenAsync();
        Assert.Equal([0, 2, 4], await StoredAsync());
        Assert.Equal([1L, 2L, 3L], await QueryAsync<long>("select sequence from events order by sequence"));
    }

    [Fact]
    public async Task DiskFull_LosesNothingAcknowledged_WhileManyWrite()
    {
        await LimitPagesAsync(spare: 60);
        var units = new List<Task<int>>();
        for (var round = 0; round < 4; round++)
        {
            await using var gate = await WriterGate.CloseAsync(Store);
            units.AddRange(Enumerable.Range(round * 32, 32).Select(number => WriteAsync(
                unit => unit.ExecuteAsync(Insert, new { N = number, Data = new string('x', 500 * (1 + (number * 7 % 13))) }))));
        }

        var acknowledged = await AcknowledgedAsync(units);

        Assert.InRange(acknowledged.Count, 1, units.Count - 1);
        await _database.ReopenAsync();
        Assert.Equal(acknowledged, await StoredAsync());
    }

    [Fact]
    public async Task DiskFull_IsToldAsUnavailable_WhenWorkSwallowsIt()
    {
        await LimitPagesAsync(spare: 5);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync(async unit =>
        {
            await Record.ExceptionAsync(() => unit.ExecuteAsync(Insert, new { N = 1, Data = new string('x', 1_000_000) }));
            await Record.ExceptionAsync(() => unit.ExecuteAsync(Insert, new { N = 2, Data = "" }));
            return 0;
        }));

        Assert.Empty(await StoredAsync());
        await LimitPagesAsync(spare: 1_000);
        await WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = 3, Data = new string('x', 1_000_000) }));
        Assert.Equal([3], await StoredAsync());
    }

    [Fact]
    public async Task DiskFull_IsToldAsUnavailable_WhenWorkMakesSomethingElseOfIt()
    {
        await LimitPagesAsync(spare: 5);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync<int>(async unit =>
        {
            await Record.ExceptionAsync(() => unit.ExecuteAsync(Insert, new { N = 1, Data = new string('x', 1_000_000) }));
            throw new ProblemException(409, "test", "number 1 is taken");
        }));
    }

    [Fact]
    public async Task Group_CommitsAllAtOnce_AndTellsEachItsOwn()
    {
        var told = new List<long>();
        Store.EventsCommitted += (_, last) => told.Add(last);
        var gate = await WriterGate.CloseAsync(Store);

        var units = Enumerable.Range(0, 50).Select(number => WriteAsync(async unit =>
        {
            unit.Append(new EventDraft("test"));
            await unit.ExecuteAsync(Insert, new { N = number, Data = "" });
            return number % 10 == 3 ? throw new ProblemException(409, "test", $"refused {number}") : number;
        })).ToList();
        await gate.DisposeAsync();

        for (var number = 0; number < units.Count; number++)
        {
            if (number % 10 == 3)
            {
                Assert.Equal($"refused {number}", (await Assert.ThrowsAsync<ProblemException>(() => units[number])).Message);
            }
            else
            {
                Assert.Equal(number, await units[number]);
            }
        }

        Assert.Equal([45L], told);
    }

    [Fact]
    public async Task Unit_LeavesNothing_WhenCancelledInLine()
    {
        var gate = await WriterGate.CloseAsync(Store);
        using var cancelled = new CancellationTokenSource();
        var ran = false;
        var unit = Store.WriteAsync(
            Organizations.Default,
            unit =>
            {
                ran = true;
                return unit.ExecuteAsync(Insert, new { N = 1, Data = "" });
            },
            cancelled.Token);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => unit);
        await gate.DisposeAsync();

        await WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = 2, Data = "" }));
        Assert.False(ran);
        Assert.Equal([2], await StoredAsync());
    }

    [Fact]
    public async Task Unit_IsRefused_WhenItAwaitsSomethingForeign()
    {
        var foreign = new TaskCompletionSource();
        var kept = new TaskCompletionSource<Exception?>();

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync(async unit =>
        {
            await unit.ExecuteAsync(Insert, new { N = 1, Data = "" });
            await foreign.Task;
            kept.SetResult(await Record.ExceptionAsync(() => unit.ExecuteAsync(Insert, new { N = 2, Data = "" })));
            return 0;
        }));
        foreign.SetResult();

        Assert.Contains("awaited something other", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(await kept.Task);
        await WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = 3, Data = "" }));
        Assert.Equal([3], await StoredAsync());
    }

    [Fact]
    public async Task Unit_IsUndone_WhenItEndsTheTransactionItself()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => WriteAsync(async unit =>
        {
            await unit.ExecuteAsync(Insert, new { N = 1, Data = "" });
            return await unit.ExecuteAsync("rollback");
        }));

        await WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = 2, Data = "" }));
        Assert.Equal([2], await StoredAsync());
    }

    [Fact]
    public async Task Dispose_CommitsWhatWaits()
    {
        var gate = await WriterGate.CloseAsync(Store);
        var units = Enumerable.Range(0, 10).Select(number => WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = number, Data = "" }))).ToList();

        var reopened = _database.ReopenAsync();
        await gate.DisposeAsync();
        await reopened;

        await Task.WhenAll(units);
        Assert.Equal(Enumerable.Range(0, 10), await StoredAsync());
    }

    [Fact]
    public async Task Write_IsRefused_AfterDispose()
    {
        var closed = Store;
        await _database.ReopenAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => closed.WriteAsync(Organizations.Default, unit => unit.LeaseNowAsync(), Cancellation));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => closed.ReadAsync(Organizations.Default, session => session.FirstOrDefaultAsync<int>("select 1"), Cancellation));
    }

    [Fact]
    public async Task Readers_GoOn_WhileWriterIsHeld()
    {
        await WriteAsync(unit => unit.ExecuteAsync(Insert, new { N = 1, Data = "" }));
        await using var gate = await WriterGate.CloseAsync(Store);

        Assert.Equal([1], await StoredAsync());
    }

    private static async Task<List<int>> AcknowledgedAsync(List<Task<int>> units)
    {
        var acknowledged = new List<int>();
        for (var number = 0; number < units.Count; number++)
        {
            var failure = await Record.ExceptionAsync(() => units[number]);
            if (failure is null)
            {
                acknowledged.Add(number);
            }
            else
            {
                Assert.Contains("free space on its disk", Assert.IsType<StoreUnavailableException>(failure).Message, StringComparison.Ordinal);
            }
        }

        return acknowledged;
    }

    private async Task LimitPagesAsync(int spare)
    {
        var pages = await WriteAsync(unit => unit.FirstOrDefaultAsync<long>("pragma page_count"));
        await WriteAsync(unit => unit.FirstOrDefaultAsync<long>($"pragma max_page_count = {pages + spare}"));
    }

    private Task<IReadOnlyList<int>> StoredAsync() => QueryAsync<int>("select n from loads order by n");

    private Task<IReadOnlyList<T>> QueryAsync<T>(string sql) =>
        Store.ReadAsync(Organizations.Default, session => session.QueryAsync<T>(sql), Cancellation);

    private Task<T> WriteAsync<T>(Func<IUnitOfWork, Task<T>> work) => Store.WriteAsync(Organizations.Default, work, Cancellation);
}
