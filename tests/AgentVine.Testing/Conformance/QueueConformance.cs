using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>What the queue keeps to on whatever database: who gets what, once, and what becomes of it. See <see cref="WorkQueue"/>.</summary>
public abstract partial class QueueConformance(TestDatabase database) : IAsyncLifetime
{
    private const int Rounds = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly QueueTime _time = new();
    private QueueFleet _fleet = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ReopenAsync(_time);
        await QueueGround.ClearAsync(database.Store);
        _fleet = new QueueFleet(database.Store, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _fleet.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Two_claimers_that_race_for_one_order_get_it_once()
    {
        var workers = await RegisterAsync(2);
        for (var round = 0; round < Rounds; round++)
        {
            var task = await _fleet.FileAsync();

            var claims = await TogetherAsync(4, n => _fleet.ClaimAsync(workers[n % 2]));

            Assert.Equal(task.Id, Assert.Single(claims, claim => claim is not null)!.Task.Id);
            Assert.Single(await _fleet.ExecutionsAsync(task.Id));
        }
    }

    [Fact]
    public async Task As_many_claimers_as_orders_each_get_one()
    {
        var workers = await RegisterAsync(2);
        for (var round = 0; round < Rounds; round++)
        {
            var high = await _fleet.FileAsync(priority: TaskPriority.High);
            var normal = await _fleet.FileAsync();

            var claims = await TogetherAsync(2, n => _fleet.ClaimAsync(workers[n], wait: Patience));

            Assert.Equal(new[] { high.Id, normal.Id }.Order(), claims.Select(claim => claim!.Task.Id).Order());
        }
    }

    [Fact]
    public async Task A_claim_id_said_again_returns_the_same_lease_and_no_second_order()
    {
        var worker = await _fleet.RegisterAsync();
        await _fleet.FileAsync("first");
        var second = await _fleet.FileAsync("second");
        var claim = Guid.NewGuid();

        var order = await _fleet.ClaimAsync(worker, claim);
        var again = await _fleet.ClaimAsync(worker, claim);

        Assert.Equal((order!.Id, order.LeaseToken, order.ExecutionId, order.AgentToken), (again!.Id, again.LeaseToken, again.ExecutionId, again.AgentToken));
        Assert.Equal(AgentTaskStatus.Queued, (await _fleet.TaskAsync(second.Id)).Status);
    }

    [Fact]
    public async Task A_claim_id_said_by_many_at_once_returns_one_lease_to_all()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            await _fleet.FileAsync("one");
            await _fleet.FileAsync("other");
            var claim = Guid.NewGuid();

            var orders = await TogetherAsync(4, _ => _fleet.ClaimAsync(worker, claim));

            Assert.Single(orders.Select(order => order!.Id).Distinct());
            Assert.Equal(round + 1, await LeasedAsync());
        }
    }

    [Fact]
    public async Task A_claim_id_said_by_two_workers_at_once_is_one_workers_alone()
    {
        var workers = await RegisterAsync(2);
        for (var round = 0; round < Rounds; round++)
        {
            await _fleet.FileAsync("one");
            await _fleet.FileAsync("other");
            var claim = Guid.NewGuid();

            var outcomes = await TogetherAsync(2, n => RecordAsync(() => _fleet.ClaimAsync(workers[n], claim)));

            Assert.Equal(ErrorCodes.QueueClaimSpent, Assert.IsType<ProblemException>(Assert.Single(outcomes, outcome => outcome is not null)).Code);
            Assert.Equal(round + 1, await LeasedAsync());
        }
    }

    [Fact]
    public async Task A_claim_that_waits_gets_the_lease_that_its_twin_took_meanwhile()
    {
        var worker = await _fleet.RegisterAsync();
        var claim = Guid.NewGuid();
        var first = _fleet.ClaimAsync(worker, claim, Patience);
        await WaitingAsync(1);
        var reads = _fleet.Store.Reads;
        var twin = _fleet.ClaimAsync(worker, claim, TimeSpan.FromSeconds(5));
        await UntilAsync(() => Task.FromResult(_fleet.Store.Reads >= reads + 2));

        await _fleet.FileAsync();

        var orders = await Task.WhenAll(first, twin).WaitAsync(Patience);
        Assert.Single(orders.Select(order => order!.Id).Distinct());
    }

    [Fact]
    public async Task A_claim_id_whose_attempt_ended_is_refused()
    {
        var worker = await _fleet.RegisterAsync();
        await _fleet.FileAsync();
        await _fleet.FileAsync();
        var claim = Guid.NewGuid();
        await _fleet.CompleteAsync((await _fleet.ClaimAsync(worker, claim))!);

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _fleet.ClaimAsync(worker, claim));

        Assert.Equal((409, ErrorCodes.QueueClaimSpent), (refusal.Status, refusal.Code));
        Assert.Equal(0, await LeasedAsync());
    }

    [Fact]
    public async Task Orders_go_out_by_rank_and_then_by_sequence()
    {
        var worker = await _fleet.RegisterAsync();
        var low = await _fleet.FileAsync("low", TaskPriority.Low);
        var normal = await _fleet.FileAsync("normal");
        var normal2 = await _fleet.FileAsync("normal too");
        var high = await _fleet.FileAsync("high", TaskPriority.High);

        Assert.Equal([high.Id, normal.Id, normal2.Id, low.Id], await ClaimAllAsync(worker));
    }

    [Fact]
    public async Task Orders_of_one_rank_go_out_in_the_order_of_their_sequence()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync("first");
        var second = await _fleet.FileAsync("second");
        await WriteAsync("update work_orders set rank = 1 where organization_id = @OrganizationId");

        Assert.Equal([first.Id, second.Id], await ClaimAllAsync(worker));
    }

    [Fact]
    public async Task A_normal_order_of_an_hour_ago_goes_before_a_high_one_of_now()
    {
        var worker = await _fleet.RegisterAsync();
        var older = await _fleet.FileAsync("an hour and a second ago");
        _time.Advance(TimeSpan.FromSeconds(2));
        var younger = await _fleet.FileAsync("an hour ago, less a second");
        _time.Advance(QueueRank.AgingPerClass - TimeSpan.FromSeconds(1));
        var high = await _fleet.FileAsync("now", TaskPriority.High);

        Assert.Equal([older.Id, high.Id, younger.Id], await ClaimAllAsync(worker));
    }

    [Fact]
    public async Task A_workers_limit_holds_though_it_claims_from_all_sides()
    {
        var worker = await _fleet.RegisterAsync(maxConcurrent: 2);
        for (var task = 0; task < 8; task++)
        {
            await _fleet.FileAsync();
        }

        for (var round = 0; round < 3; round++)
        {
            var claims = (await TogetherAsync(4, _ => _fleet.ClaimAsync(worker))).OfType<WorkOrderView>().ToList();

            Assert.Equal(2, claims.Count);
            Assert.Equal(2, await LeasedAsync());
            await Task.WhenAll(claims.Select(claim => _fleet.CompleteAsync(claim)));
        }
    }

    [Fact]
    public async Task A_draining_worker_gets_nothing()
    {
        var worker = await _fleet.RegisterAsync();
        await _fleet.DrainAsync(worker);
        await _fleet.FileAsync();

        Assert.Null(await _fleet.ClaimAsync(worker));
    }

    [Fact]
    public async Task An_empty_claim_opens_no_write()
    {
        var worker = await _fleet.RegisterAsync();
        var before = _fleet.Store.Writes;

        Assert.Null(await _fleet.ClaimAsync(worker, wait: TimeSpan.FromMilliseconds(20)));

        Assert.Equal(before, _fleet.Store.Writes);
    }

    private async Task<IReadOnlyList<Guid>> RegisterAsync(int workers)
    {
        var ids = new List<Guid>();
        for (var n = 0; n < workers; n++)
        {
            ids.Add(await _fleet.RegisterAsync($"worker-{n}"));
        }

        return ids;
    }

    private async Task<IReadOnlyList<Guid>> ClaimAllAsync(Guid worker)
    {
        var tasks = new List<Guid>();
        while (await _fleet.ClaimAsync(worker) is { } order)
        {
            tasks.Add(order.Task.Id);
        }

        return tasks;
    }

    private async Task<WorkOrderView> BeginAsync(Guid worker, Guid task)
    {
        var order = await _fleet.ClaimAsync(worker);
        Assert.Equal(task, order?.Task.Id);
        return order!;
    }

    private async Task<int> LeasedAsync() =>
        await OneAsync<int>("select count(*) from work_orders where organization_id = @OrganizationId and state = 'leased'");

    private async Task<ExecutionStatus> ExecutionAsync(WorkOrderView order) =>
        (await _fleet.ExecutionsAsync(order.Task.Id)).Single(execution => execution.Id == order.ExecutionId).State;

    private async Task<AgentTaskStatus> StatusAsync(Guid task) => (await _fleet.TaskAsync(task)).Status;

    private async Task<T> OneAsync<T>(string sql, object? parameters = null) => (await _fleet.QueryAsync<T>(sql, parameters))[0];

    private Task WriteAsync(string sql) => database.Store.WriteAsync(Organizations.Default, unit => unit.ExecuteAsync(sql), default);

    /// <summary>Until <paramref name="claims"/> claims stand in line and sleep.</summary>
    private Task WaitingAsync(int claims) => UntilAsync(() => Task.FromResult(_fleet.Get<QueueSignal>().Waiting == claims));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Runs <paramref name="act"/> on threads of their own, let go at one moment.</summary>
    private static async Task<T[]> TogetherAsync<T>(int count, Func<int, Task<T>> act)
    {
        using var start = new Barrier(count);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return act(n);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap())).WaitAsync(Patience);
    }

    private static async Task<Exception?> RecordAsync(Func<Task> act)
    {
        try
        {
            await act();
            return null;
        }
        catch (ProblemException exception)
        {
            return exception;
        }
    }

    private static Task RefusedAsync(string code, Func<Task> act) => RefusedAsync(409, code, act);

    private static async Task RefusedAsync(int status, string code, Func<Task> act)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(act);
        Assert.Equal((status, code), (refusal.Status, refusal.Code));
    }
}
