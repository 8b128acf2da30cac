using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Work waits for its accounts: what closes one, what opens it, and what nobody is offered meanwhile.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task An_attempt_is_paid_by_the_first_open_account_of_its_worker()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("first"), QueueFleet.Account("second"));
        await _fleet.FileAsync();
        await _fleet.FileAsync();

        var order = (await _fleet.ClaimAsync(worker))!;
        await _fleet.CloseAccountAsync("first");
        var other = (await _fleet.ClaimAsync(worker))!;

        Assert.Equal(("first", "second"), (order.Account, other.Account));
        Assert.Equal("first", Assert.Single(await _fleet.ExecutionsAsync(order.Task.Id)).Account);
        Assert.Null(order.Budget);
        Assert.Equal(1, (await _fleet.AccountAsync("first")).Running);
    }

    [Fact]
    public async Task A_worker_that_names_no_account_is_not_held_back()
    {
        var gated = await _fleet.RegisterAsync("gated", null, QueueFleet.Account("a"));
        await _fleet.CloseAccountAsync("a");
        var task = await _fleet.FileAsync();
        Assert.StartsWith("account a: closed", (await _fleet.TaskAsync(task.Id)).StatusReason, StringComparison.Ordinal);

        var free = await _fleet.RegisterAsync("free");

        Assert.Null((await _fleet.TaskAsync(task.Id)).StatusReason);
        Assert.Null(await _fleet.ClaimAsync(gated));
        Assert.Null((await _fleet.ClaimAsync(free))!.Account);
    }

    [Fact]
    public async Task A_limit_holds_the_runtimes_work_and_every_view_says_until_when()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var (task, order) = await WithSessionAsync(worker);
        var waiting = await _fleet.FileAsync();
        var until = Whole(_time.GetUtcNow().AddHours(1));

        await _fleet.FailAsync(order, Limited(until));

        var words = $"account a: limited until {until:yyyy-MM-dd HH:mm:ss}Z, the provider's words";
        Assert.Equal(words, (await _fleet.TaskAsync(task.Id)).StatusReason);
        Assert.Equal(words, (await _fleet.TaskAsync(waiting.Id)).StatusReason);
        var status = await _fleet.QueueAsync();
        Assert.Equal((0, 2, 0), (status.Queues.Sum(queue => queue.Ready), status.Queues.Sum(queue => queue.Held), status.Queues.Sum(queue => queue.Delayed)));
        Assert.Equal(new AccountStatus("a", until, AccountState.Limited, "the provider's words"), Assert.Single(status.Accounts));
        Assert.All(await _fleet.OrdersAsync(task.Id), row => Assert.Equal(WorkOrderState.Ready, row.OrderState));
        var writes = _fleet.Store.Writes;
        Assert.Null(await _fleet.ClaimAsync(worker));
        Assert.Equal(writes, _fleet.Store.Writes);
        Assert.Equal(0, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId and id = @Id", new { task.Id }));

        _time.Advance(until - _time.GetUtcNow());
        Assert.Null(await _fleet.ClaimAsync(worker));
        await _fleet.OpenDueAccountsAsync();
        var next = await BeginAsync(worker, task.Id);
        Assert.Equal(("a", 2), (next.Account, next.Attempt));
        Assert.Equal([EventTypes.AccountLimited, EventTypes.AccountOpened], await AccountEventsAsync());
    }

    [Fact]
    public async Task A_limited_task_goes_on_at_once_with_another_account()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"), QueueFleet.Account("b"));
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);

        var end = await _fleet.FailAsync(order, Limited(_time.GetUtcNow().AddHours(1)), Guid.NewGuid());

        Assert.Equal((task.Id, "b"), (end.Next!.Task.Id, end.Next.Account));
        Assert.Equal($"session of {order.ExecutionId}", end.Next.Session!.SessionId);
    }

    [Fact]
    public async Task A_claim_that_waits_is_woken_when_an_account_opens()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.CloseAccountAsync("a");
        var task = await _fleet.FileAsync();
        var claim = _fleet.ClaimAsync(worker, wait: Patience);
        await WaitingAsync(1);

        await _fleet.OpenAccountAsync("a");

        Assert.Equal(task.Id, (await claim.WaitAsync(Patience))!.Task.Id);
    }

    [Fact]
    public async Task A_wake_that_a_closed_account_may_not_follow_goes_on_to_a_claim_that_may()
    {
        var closed = await _fleet.RegisterAsync("closed", null, QueueFleet.Account("a"));
        var open = await _fleet.RegisterAsync("open", null, QueueFleet.Account("b"));
        await _fleet.CloseAccountAsync("a");
        using var ended = new CancellationTokenSource();
        var first = _fleet.ClaimAsync(closed, wait: Patience, cancellationToken: ended.Token);
        await WaitingAsync(1);
        var second = _fleet.ClaimAsync(open, wait: Patience);
        await WaitingAsync(2);

        var task = await _fleet.FileAsync();

        Assert.Equal((task.Id, "b"), ((await second.WaitAsync(Patience))!.Task.Id, (await second)!.Account));
        Assert.False(first.IsCompleted);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task An_untold_limit_backs_off_and_doubles_until_an_attempt_gets_on()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync(maxAttempts: 1);
        foreach (var minutes in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            var order = await BeginAsync(worker, task.Id);
            await _fleet.TellLimitAsync(worker, "a");
            await _fleet.TellLimitAsync(worker, "a");
            await _fleet.FailAsync(order, Limited(null));

            var closed = (await _fleet.AccountAsync("a")).ClosedUntil!.Value - _time.GetUtcNow();
            Assert.InRange(closed, TimeSpan.FromMinutes(minutes) - TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(minutes));
            _time.Advance(closed);
            await _fleet.OpenDueAccountsAsync();
        }

        await _fleet.CompleteAsync(await BeginAsync(worker, task.Id));
        await _fleet.TellLimitAsync(worker, "a");
        Assert.InRange((await _fleet.AccountAsync("a")).ClosedUntil!.Value - _time.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_limit_that_is_met_again_after_its_reset_closes_the_account_again()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync();
        var reset = _time.GetUtcNow().AddHours(1);
        await _fleet.FailAsync(await BeginAsync(worker, task.Id), Limited(reset));
        _time.Advance(TimeSpan.FromHours(1));
        await _fleet.OpenDueAccountsAsync();

        // The provider is late with it, and says the same moment once more.
        await _fleet.FailAsync(await BeginAsync(worker, task.Id), Limited(reset));

        Assert.Equal(AccountState.Limited, (await _fleet.AccountAsync("a")).Status);
        Assert.Null(await _fleet.ClaimAsync(worker));
    }

    [Fact]
    public async Task A_task_that_meets_nothing_but_limits_ends_at_last()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync(maxAttempts: 1);
        for (var n = 0; n < 20; n++)
        {
            await _fleet.FailAsync(await BeginAsync(worker, task.Id), Limited(null));
            Assert.Equal(AgentTaskStatus.Queued, (await _fleet.TaskAsync(task.Id)).Status);
            await _fleet.OpenAccountAsync("a");
        }

        await _fleet.FailAsync(await BeginAsync(worker, task.Id), Limited(null));

        Assert.Equal(AgentTaskStatus.Failed, (await _fleet.TaskAsync(task.Id)).Status);
    }

    [Theory]
    [InlineData(FailureCause.Overloaded)]
    [InlineData(FailureCause.ServerError)]
    [InlineData(FailureCause.Unreachable)]
    [InlineData(FailureCause.MalformedAnswer)]
    public async Task An_outage_of_the_provider_burns_no_attempt_for_an_hour_and_a_half(FailureCause cause)
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync(maxAttempts: 1);
        var began = _time.GetUtcNow();
        var delays = new List<TimeSpan>();
        for (var n = 0; n < 12; n++)
        {
            await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.Transient, cause: cause);
            Assert.Equal(AgentTaskStatus.Queued, (await _fleet.TaskAsync(task.Id)).Status);
            delays.Add((Assert.Single(await _fleet.OrdersAsync(task.Id)).AvailableAt!.Value.Time() - _time.GetUtcNow()));
            _time.Advance(TimeSpan.FromMinutes(12));
            await _fleet.PromoteAsync();
        }

        Assert.InRange(delays[0], TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(36));
        Assert.All(delays.Zip(delays.Skip(1)).Take(4), pair => Assert.True(pair.Second > pair.First));
        Assert.InRange(delays.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay), TimeSpan.FromMinutes(85), TimeSpan.FromMinutes(110));
        Assert.Equal(AccountState.Open, (await _fleet.AccountAsync("a")).Status);

        await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.Transient, cause: cause);
        Assert.Equal(AgentTaskStatus.Failed, (await _fleet.TaskAsync(task.Id)).Status);
    }

    [Fact]
    public async Task After_an_untold_limit_one_attempt_tries_and_its_progress_lets_the_others_in()
    {
        var workers = new[] { await _fleet.RegisterAsync("one", null, QueueFleet.Account("a")), await _fleet.RegisterAsync("two", null, QueueFleet.Account("a")) };
        for (var n = 0; n < 6; n++)
        {
            await _fleet.FileAsync();
        }

        await _fleet.FailAsync((await _fleet.ClaimAsync(workers[0]))!, Limited(null));
        _time.Advance(TimeSpan.FromMinutes(2));
        await _fleet.OpenDueAccountsAsync();

        var probe = Assert.Single((await TogetherAsync(6, n => _fleet.ClaimAsync(workers[n % 2]))).OfType<WorkOrderView>());
        Assert.True((await _fleet.AccountAsync("a")).Probing);
        Assert.Equal(5, (await _fleet.QueueAsync()).Queues.Sum(queue => queue.Held));
        var waiting = _fleet.ClaimAsync(workers[1], wait: Patience);
        await WaitingAsync(1);
        await _fleet.FailAsync(probe, new TaskError { Kind = FailureKind.Interrupted, Message = "drained" });
        var second = (await waiting.WaitAsync(Patience))!;
        Assert.Null(await _fleet.ClaimAsync(workers[0]));

        await _fleet.OpenSessionAsync(second);
        await _fleet.CheckpointAsync(second, 1);
        await _fleet.OpenDueAccountsAsync();

        Assert.False((await _fleet.AccountAsync("a")).Probing);
        Assert.Equal(5, (await TogetherAsync(6, n => _fleet.ClaimAsync(workers[n % 2]))).OfType<WorkOrderView>().Count());
    }

    [Fact]
    public async Task Of_claims_that_race_for_an_account_on_trial_one_starts()
    {
        var workers = new List<Guid>();
        for (var n = 0; n < 8; n++)
        {
            workers.Add(await _fleet.RegisterAsync($"worker-{n}", null, QueueFleet.Account("a")));
            await _fleet.FileAsync();
        }

        for (var round = 0; round < Rounds; round++)
        {
            await _fleet.TellLimitAsync(workers[0], "a");
            _time.Advance(TimeSpan.FromHours(1));
            await _fleet.OpenDueAccountsAsync();

            var claims = await TogetherAsync(workers.Count, n => _fleet.ClaimAsync(workers[n]));

            await _fleet.FailAsync(Assert.Single(claims.OfType<WorkOrderView>()), FailureKind.Interrupted);
        }
    }

    [Fact]
    public async Task An_agent_that_asks_or_uses_tokens_ends_the_trial_of_its_account()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.FileAsync();
        var former = (await _fleet.ClaimAsync(worker))!;
        for (var round = 0; round < 2; round++)
        {
            await _fleet.FileAsync();
            await _fleet.TellLimitAsync(worker, "a");
            _time.Advance(TimeSpan.FromHours(1));
            await _fleet.OpenDueAccountsAsync();
            await _fleet.StoreUsageAsync(former, Usage(_time.GetUtcNow(), 1));
            Assert.True((await _fleet.AccountAsync("a")).Probing);

            var probe = (await _fleet.ClaimAsync(worker))!;
            await (round == 0 ? _fleet.AskAsync(probe) : _fleet.StoreUsageAsync(probe, Usage(_time.GetUtcNow(), 1)));

            Assert.False((await _fleet.AccountAsync("a")).Probing);
        }
    }

    [Theory]
    [InlineData(FailureCause.KeyRefused)]
    [InlineData(FailureCause.NoCredit)]
    public async Task A_refused_key_closes_the_account_until_another_key_comes(FailureCause cause)
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync();
        var other = await _fleet.FileAsync();

        await _fleet.FailAsync(await BeginAsync(worker, task.Id), new TaskError { Kind = FailureKind.Permanent, Cause = cause, Message = "no such key" });

        Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(task.Id));
        var account = await _fleet.AccountAsync("a");
        Assert.Equal((AccountState.Closed, cause, "no such key"), (account.Status, account.Cause, account.Reason));
        Assert.Equal($"account a: closed, {VineJson.Name(cause).Replace('_', ' ')}, no such key", (await _fleet.TaskAsync(other.Id)).StatusReason);
        _time.Advance(TimeSpan.FromDays(30));
        await _fleet.OpenDueAccountsAsync();
        Assert.Null(await _fleet.ClaimAsync(await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"))));

        worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a", "ffffffff"));

        Assert.Equal(other.Id, (await _fleet.ClaimAsync(worker))!.Task.Id);
    }

    [Fact]
    public async Task A_refused_key_costs_no_attempt_where_another_account_is_left()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"), QueueFleet.Account("b"));
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.FailAsync(order, new TaskError { Kind = FailureKind.Interrupted, Message = "drained" });
        order = await BeginAsync(worker, task.Id);
        await _fleet.OpenSessionAsync(order);

        await _fleet.FailAsync(order, new TaskError { Kind = FailureKind.Permanent, Cause = FailureCause.KeyRefused, Message = "no such key" });

        var next = await BeginAsync(worker, task.Id);
        Assert.Equal("b", next.Account);
        Assert.NotNull(next.Checkpoint);
        Assert.Equal(0, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId and id = @Id", new { task.Id }));
    }

    [Fact]
    public async Task A_closing_of_a_person_stands_whatever_key_comes()
    {
        await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.CloseAccountAsync("a", reason: "budget talks");
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a", "ffffffff"));
        var task = await _fleet.FileAsync();
        await _fleet.TellLimitAsync(worker, "a", retryAt: _time.GetUtcNow().AddMinutes(1));
        _time.Advance(TimeSpan.FromHours(1));
        await _fleet.OpenDueAccountsAsync();

        Assert.Null(await _fleet.ClaimAsync(worker));
        Assert.Equal("account a: closed, budget talks", (await _fleet.TaskAsync(task.Id)).StatusReason);

        await _fleet.OpenAccountAsync("a");
        Assert.NotNull(await _fleet.ClaimAsync(worker));
    }

    [Fact]
    public async Task A_limit_that_is_told_again_after_its_end_is_not_another_one()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.FileAsync();
        var order = (await _fleet.ClaimAsync(worker))!;
        var until = _time.GetUtcNow().AddMinutes(1);
        await _fleet.TellLimitAsync(worker, "a", retryAt: until);
        _time.Advance(TimeSpan.FromMinutes(2));
        await _fleet.OpenDueAccountsAsync();

        await _fleet.FailAsync(order, Limited(until));

        Assert.Equal(AccountState.Open, (await _fleet.AccountAsync("a")).Status);
        Assert.NotNull(await _fleet.ClaimAsync(worker));
    }

    [Fact]
    public async Task A_limit_that_was_over_before_it_was_told_backs_off_all_the_same()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync();

        await _fleet.FailAsync(await BeginAsync(worker, task.Id), Limited(_time.GetUtcNow().AddSeconds(-1)));

        Assert.InRange((await _fleet.AccountAsync("a")).ClosedUntil!.Value - _time.GetUtcNow(), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_longer_limit_counts_and_a_shorter_one_told_later_does_not()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var (soon, later) = (Whole(_time.GetUtcNow().AddMinutes(1)), Whole(_time.GetUtcNow().AddHours(1)));

        await _fleet.TellLimitAsync(worker, "a", retryAt: soon);
        await _fleet.TellLimitAsync(worker, "a", retryAt: later);
        await _fleet.TellLimitAsync(worker, "a", retryAt: soon);
        await _fleet.TellLimitAsync(worker, "a");

        Assert.Equal(later, (await _fleet.AccountAsync("a")).ClosedUntil);
        Assert.Equal([EventTypes.AccountLimited, EventTypes.AccountLimited], await AccountEventsAsync());
    }

    [Fact]
    public async Task An_account_holds_its_work_whoever_is_away_until_nobody_has_it()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        await _fleet.CloseAccountAsync("a");
        var task = await _fleet.FileAsync();
        Assert.NotNull((await _fleet.TaskAsync(task.Id)).StatusReason);

        await _fleet.DrainAsync(worker);
        Assert.NotNull((await _fleet.TaskAsync(task.Id)).StatusReason);

        await _fleet.RegisterAsync("other", null, QueueFleet.Account("b"));
        Assert.Null((await _fleet.TaskAsync(task.Id)).StatusReason);

        await _fleet.DeregisterAsync(worker);
        Assert.Null((await _fleet.TaskAsync(task.Id)).StatusReason);
        Assert.Empty((await _fleet.AccountAsync("a")).Workers);
    }

    [Fact]
    public async Task A_delayed_task_says_its_own_reason()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));
        var task = await _fleet.FileAsync();
        await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.Transient);

        await _fleet.CloseAccountAsync("a");

        Assert.Contains("next attempt not before", (await _fleet.TaskAsync(task.Id)).StatusReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_causes_close_no_account()
    {
        var worker = await _fleet.RegisterAsync("worker", null, QueueFleet.Account("a"));

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _fleet.TellLimitAsync(worker, "a", FailureCause.Overloaded));

        Assert.Equal((400, ErrorCodes.ValidationFailed), (refusal.Status, refusal.Code));
        refusal = await Assert.ThrowsAsync<ProblemException>(() => _fleet.TellLimitAsync(worker, "b"));
        Assert.Equal((404, ErrorCodes.AccountsNotFound), (refusal.Status, refusal.Code));
    }

    private async Task<IReadOnlyList<string>> AccountEventsAsync() =>
        [.. (await _fleet.EventsAsync()).Select(each => each.Type).Where(type => type.StartsWith("account.", StringComparison.Ordinal))];

    private static TaskError Limited(DateTimeOffset? until) =>
        new() { Kind = FailureKind.RateLimit, Cause = FailureCause.RateLimited, Message = "the provider's words", RetryAt = until };

    private static UsageRow Usage(DateTimeOffset minute, long output, decimal dollars = 0, string model = "m") =>
        new() { Minute = minute, Model = model, Calls = 1, Output = output, CostUsd = dollars };

    private static DateTimeOffset Whole(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
}
