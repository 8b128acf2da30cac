using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Claims that wait, and who is woken.</summary>
public abstract partial class QueueConformance
{
    private static readonly string[] Lanes = [QueueRank.Lane("default", "rehearsal")];

    [Fact]
    public async Task A_claim_that_waits_is_woken_by_an_order()
    {
        var worker = await _fleet.RegisterAsync();
        var claim = _fleet.ClaimAsync(worker, wait: Patience);
        await WaitingAsync(1);

        var task = await _fleet.FileAsync();

        Assert.Equal(task.Id, (await claim)!.Task.Id);
    }

    [Fact]
    public async Task No_wake_is_lost_between_looking_and_waiting()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var claim = _fleet.ClaimAsync(worker, wait: Patience);
            var task = await _fleet.FileAsync();

            Assert.Equal(task.Id, (await claim)!.Task.Id);
        }
    }

    [Fact]
    public async Task Each_order_wakes_one_claim()
    {
        var signal = _fleet.Get<QueueSignal>();
        var first = signal.Register(Lanes);
        using var second = signal.Register(Lanes);
        using var ended = new CancellationTokenSource();
        var (one, other) = (first.WaitAsync(Patience, _time, ended.Token), second.WaitAsync(Patience, _time, ended.Token));

        await _fleet.FileAsync();

        Assert.True(await one);
        Assert.False(other.IsCompleted);
        first.Looked(Lanes);
        first.Dispose();
        Assert.False(other.IsCompleted);
        await _fleet.FileAsync();
        Assert.True(await other);
        await ended.CancelAsync();
    }

    [Fact]
    public async Task A_claim_of_another_queue_is_not_woken()
    {
        var signal = _fleet.Get<QueueSignal>();
        using var other = signal.Register([QueueRank.Lane("low_priority", "rehearsal")]);
        using var mine = signal.Register(Lanes);
        using var ended = new CancellationTokenSource();
        var asleep = other.WaitAsync(Patience, _time, ended.Token);
        var awake = mine.WaitAsync(Patience, _time, ended.Token);

        await _fleet.FileAsync();

        Assert.True(await awake);
        Assert.False(asleep.IsCompleted);
        await ended.CancelAsync();
    }

    [Fact]
    public async Task A_woken_claim_that_goes_away_hands_the_wake_on()
    {
        var worker = await _fleet.RegisterAsync();
        var gone = _fleet.Get<QueueSignal>().Register(Lanes);
        var claim = _fleet.ClaimAsync(worker, wait: Patience);
        await WaitingAsync(1);

        var task = await _fleet.FileAsync();
        gone.Dispose();

        Assert.Equal(task.Id, (await claim)!.Task.Id);
    }

    [Fact]
    public async Task A_woken_claim_that_is_cancelled_while_it_looks_hands_the_wake_on()
    {
        var worker = await _fleet.RegisterAsync();
        using var hangUp = new CancellationTokenSource();
        var gone = _fleet.ClaimAsync(worker, wait: Patience, cancellationToken: hangUp.Token);
        await WaitingAsync(1);
        var claim = _fleet.ClaimAsync(worker, wait: Patience);
        await WaitingAsync(2);
        _fleet.Store.OnRead = () =>
        {
            _fleet.Store.OnRead = null;
            hangUp.Cancel();
        };

        var task = await _fleet.FileAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.Equal(task.Id, (await claim)!.Task.Id);
    }

    [Fact]
    public async Task A_woken_claim_of_a_worker_at_its_limit_hands_the_wake_on()
    {
        var full = await _fleet.RegisterAsync("full", maxConcurrent: 1);
        var free = await _fleet.RegisterAsync("free");
        await _fleet.FileAsync();
        Assert.NotNull(await _fleet.ClaimAsync(full));
        using var ended = new CancellationTokenSource();
        var more = _fleet.ClaimAsync(full, wait: Patience, cancellationToken: ended.Token);
        await WaitingAsync(1);
        var claim = _fleet.ClaimAsync(free, wait: Patience);
        await WaitingAsync(2);

        var task = await _fleet.FileAsync();

        Assert.Equal(task.Id, (await claim)!.Task.Id);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => more);
    }

    [Fact]
    public async Task Waiting_claims_and_orders_find_each_other_whatever_the_queue()
    {
        var workers = await RegisterAsync(2);
        for (var round = 0; round < Rounds; round++)
        {
            var claims = Task.WhenAll(workers.Select(worker => _fleet.ClaimAsync(worker, wait: Patience)));
            await WaitingAsync(2);

            var filed = await TogetherAsync(2, n => _fleet.FileAsync(priority: n == 0 ? TaskPriority.High : TaskPriority.Low));

            Assert.Equal(filed.Select(task => task.Id).Order(), (await claims.WaitAsync(Patience)).Select(claim => claim!.Task.Id).Order());
        }
    }
}
