using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>What every store keeps to: units of work, snapshots and effects. See <see cref="IStore"/>.</summary>
public abstract partial class StoreConformance(TestDatabase database) : IAsyncLifetime
{
    private const string Insert = "insert into marks (organization_id, label, n) values (@OrganizationId, @Label, @N)";
    private const string Count = "select count(*) from marks where organization_id = @OrganizationId";

    private Guid _organization;

    private IStore Store => database.Store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _organization = await database.AddOrganizationAsync();
        await WriteAsync(unit => unit.ExecuteAsync(
            "create table if not exists marks (organization_id text not null, label text not null, n integer not null unique)"));
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_unit_stores_all_of_its_statements_and_events()
    {
        await WriteAsync(async unit =>
        {
            await MarkAsync(unit);
            await MarkAsync(unit);
            unit.Append(new EventDraft(EventTypes.TaskCreated));
            return 0;
        });

        Assert.Equal(2, await CountAsync());
        Assert.Equal([1L], await SequencesAsync());
    }

    [Fact]
    public async Task A_unit_that_throws_leaves_nothing()
    {
        var thrown = await Assert.ThrowsAsync<ProblemException>(() => WriteAsync<int>(async unit =>
        {
            await MarkAsync(unit);
            unit.Append(new EventDraft(EventTypes.TaskCreated));
            throw new ProblemException(409, "test", "refused");
        }));

        Assert.Equal("refused", thrown.Message);
        Assert.Equal(0, await CountAsync());
        Assert.Empty(await SequencesAsync());
    }

    [Fact]
    public async Task A_unit_whose_statement_failed_leaves_nothing_though_the_work_swallowed_it()
    {
        var number = NextMark();

        var thrown = await Record.ExceptionAsync(() => WriteAsync(async unit =>
        {
            await unit.ExecuteAsync(Insert, new { Label = "first", N = number });
            await Record.ExceptionAsync(() => unit.ExecuteAsync(Insert, new { Label = "same number", N = number }));
            return 0;
        }));

        Assert.IsType<System.Data.Common.DbException>(thrown, exactMatch: false);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Other_units_are_stored_when_one_among_them_throws()
    {
        var units = Enumerable.Range(0, 50).Select(number => WriteAsync(async unit =>
        {
            await MarkAsync(unit);
            return number % 5 == 0 ? throw new ProblemException(409, "test", "refused") : number;
        })).ToList();

        var failures = 0;
        foreach (var unit in units)
        {
            failures += await Record.ExceptionAsync(() => unit) is ProblemException ? 1 : 0;
        }

        Assert.Equal(10, failures);
        Assert.Equal(40, await CountAsync());
    }

    [Fact]
    public async Task Concurrent_units_all_land_exactly_once()
    {
        var effects = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
            {
                await WriteAsync(async unit =>
                {
                    unit.OnCommitted(() => Interlocked.Increment(ref effects));
                    unit.Append(new EventDraft(EventTypes.TaskCreated));
                    return await MarkAsync(unit);
                });
            }
        })));

        Assert.Equal(320, await CountAsync());
        Assert.Equal(320, effects);
        Assert.Equal(Enumerable.Range(1, 320).Select(number => (long)number), await SequencesAsync());
    }

    [Fact]
    public async Task A_snapshot_does_not_see_later_commits()
    {
        await WriteAsync(unit => MarkAsync(unit));

        var (before, after) = await Store.ReadAsync(
            _organization,
            async session =>
            {
                var first = await session.FirstOrDefaultAsync<int>(Count);
                await WriteAsync(unit => MarkAsync(unit));
                return (first, await session.FirstOrDefaultAsync<int>(Count));
            },
            Cancellation);

        Assert.Equal((1, 1), (before, after));
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task A_read_cannot_write()
    {
        await Assert.ThrowsAnyAsync<Exception>(() => Store.ReadAsync(
            _organization, session => session.FirstOrDefaultAsync<int>(Insert, new { Label = "read", N = NextMark() }), Cancellation));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task Effects_run_after_the_commit_in_order()
    {
        var seen = new List<string>();
        Task<int>? visible = null;

        await WriteAsync(async unit =>
        {
            unit.OnCommitted(() => visible = CountAsync());
            unit.OnCommitted(() => seen.Add("second"));
            await MarkAsync(unit);
            seen.Add("work");
            return 0;
        });

        Assert.Equal(["work", "second"], seen);
        Assert.Equal(1, await visible!);
    }

    [Fact]
    public async Task Effects_of_a_failed_unit_never_run()
    {
        var ran = false;

        await Assert.ThrowsAsync<ProblemException>(() => WriteAsync<int>(unit =>
        {
            unit.OnCommitted(() => ran = true);
            throw new ProblemException(409, "test", "refused");
        }));
        await WriteAsync(unit => MarkAsync(unit));

        Assert.False(ran);
    }

    [Fact]
    public async Task An_effect_that_throws_harms_neither_the_unit_nor_the_next_effect()
    {
        var ran = false;

        await WriteAsync(async unit =>
        {
            unit.OnCommitted(() => throw new InvalidOperationException("effect"));
            unit.OnCommitted(() => ran = true);
            return await MarkAsync(unit);
        });

        Assert.True(ran);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_unit_whose_token_was_cancelled_before_leaves_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(_organization, unit => MarkAsync(unit), cancelled.Token));

        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_unit_under_way_is_not_cancelled()
    {
        using var cancelled = new CancellationTokenSource();

        await Store.WriteAsync(
            _organization,
            unit =>
            {
                cancelled.Cancel();
                return MarkAsync(unit);
            },
            cancelled.Token);

        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_unit_that_calls_the_store_again_is_refused()
    {
        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => WriteAsync(async unit =>
            {
                await MarkAsync(unit);
                return await WriteAsync(inner => MarkAsync(inner));
            }));

        Assert.Contains("called the store again", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_session_that_was_kept_is_refused()
    {
        IUnitOfWork? kept = null;
        await WriteAsync(unit =>
        {
            kept = unit;
            return MarkAsync(unit);
        });

        await Assert.ThrowsAsync<InvalidOperationException>(() => MarkAsync(kept!));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task The_lease_clock_does_not_go_back()
    {
        var readings = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            readings.Add(await WriteAsync(unit => unit.LeaseNowAsync()));
        }

        Assert.Equal(readings.Order(), readings);
    }

    private static int _marks;

    private static int NextMark() => Interlocked.Increment(ref _marks);

    private static Task<int> MarkAsync(IUnitOfWork unit) => unit.ExecuteAsync(Insert, new { Label = "mark", N = NextMark() });

    private Task<T> WriteAsync<T>(Func<IUnitOfWork, Task<T>> work) => Store.WriteAsync(_organization, work, Cancellation);

    private Task<int> CountAsync() => Store.ReadAsync(_organization, session => session.FirstOrDefaultAsync<int>(Count), Cancellation);

    private Task<IReadOnlyList<long>> SequencesAsync() => Store.ReadAsync(
        _organization,
        session => session.QueryAsync<long>("select sequence from events where organization_id = @OrganizationId order by sequence"),
        Cancellation);
}
