using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>How attempts end, and what becomes of their tasks.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_stale_token_changes_nothing_and_its_result_is_kept()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var stale = await BeginAsync(worker, task.Id);
        await _fleet.FailAsync(stale, FailureKind.Interrupted);
        var order = await BeginAsync(worker, task.Id);

        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(stale, result: new TaskResult { Summary = "late" }));

        Assert.Equal(AgentTaskStatus.InProgress, await StatusAsync(task.Id));
        Assert.Equal(ExecutionStatus.Running, await ExecutionAsync(order));
        var kept = (await _fleet.ExecutionsAsync(task.Id)).Single(execution => execution.Id == stale.ExecutionId);
        Assert.Equal((ExecutionStatus.Interrupted, "late"), (kept.State, JsonColumn.Read<TaskResult>(kept.Result)!.Summary));
    }

    [Fact]
    public async Task A_late_result_is_recorded_once_however_often_it_is_sent()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var stale = await BeginAsync(worker, task.Id);
        await _fleet.FailAsync(stale, FailureKind.Interrupted);

        for (var repetition = 0; repetition < 3; repetition++)
        {
            await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(stale));
        }

        Assert.Single(await _fleet.EventsAsync(task.Id), happened => happened.Type == EventTypes.ExecutionSuperseded);
    }

    [Fact]
    public async Task A_foreign_token_changes_nothing_at_all()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        var events = await _fleet.EventsAsync();

        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(order, token: order.LeaseToken + 1));
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.FailAsync(order, FailureKind.Permanent, token: order.LeaseToken + 1));

        Assert.Equal(ExecutionStatus.Running, await ExecutionAsync(order));
        Assert.Equal(events.Count, (await _fleet.EventsAsync()).Count);
    }

    [Fact]
    public async Task An_end_said_twice_is_answered_the_same_and_recorded_once()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);

        var first = await _fleet.CompleteAsync(order);
        var events = await _fleet.EventsAsync();
        var second = await _fleet.CompleteAsync(order);

        Assert.Equal(first, second);
        Assert.Equal(events.Count, (await _fleet.EventsAsync()).Count);
    }

    [Fact]
    public async Task An_end_said_by_many_at_once_is_taken_once()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(maxAttempts: 20);
        for (var round = 0; round < 5; round++)
        {
            _time.Advance(TimeSpan.FromHours(1));
            await _fleet.PromoteAsync();
            var order = await BeginAsync(worker, task.Id);

            var ends = await TogetherAsync(3, _ => _fleet.FailAsync(order, FailureKind.Transient));

            Assert.All(ends, end => Assert.Equal(AgentTaskStatus.Queued, end.TaskStatus));
            Assert.Equal(round + 1, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId"));
        }
    }

    [Fact]
    public async Task The_next_claim_rides_in_the_unit_of_the_end()
    {
        var worker = await _fleet.RegisterAsync(maxConcurrent: 1);
        var first = await _fleet.FileAsync();
        var second = await _fleet.FileAsync();
        var order = await BeginAsync(worker, first.Id);
        var (claim, writes) = (Guid.NewGuid(), _fleet.Store.Writes);

        var end = await _fleet.CompleteAsync(order, claim);

        Assert.Equal(second.Id, end.Next!.Task.Id);
        Assert.Equal(writes + 1, _fleet.Store.Writes);
        var again = await _fleet.CompleteAsync(order, claim);
        Assert.Equal((end.TaskStatus, end.Next.Id), (again.TaskStatus, again.Next!.Id));
    }

    [Fact]
    public async Task An_end_is_taken_though_its_next_claim_is_spent()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync();
        var second = await _fleet.FileAsync();
        var spent = Guid.NewGuid();
        await _fleet.FailAsync((await _fleet.ClaimAsync(worker, spent))!, FailureKind.Permanent);
        var order = await BeginAsync(worker, second.Id);

        var end = await _fleet.CompleteAsync(order, spent);

        Assert.Null(end.Next);
        Assert.Equal((AgentTaskStatus.Completed, AgentTaskStatus.Failed), (await StatusAsync(second.Id), await StatusAsync(first.Id)));
    }

    [Fact]
    public async Task A_stale_end_claims_nothing()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var stale = await BeginAsync(worker, task.Id);
        await _fleet.FailAsync(stale, FailureKind.Interrupted);

        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(stale, Guid.NewGuid()));

        Assert.Equal(0, await LeasedAsync());
    }

    [Fact]
    public async Task A_rate_limited_attempt_burns_none_and_waits_for_the_reset()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(maxAttempts: 1);
        for (var round = 0; round < 3; round++)
        {
            await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.RateLimit, _time.GetUtcNow().AddMinutes(5));

            Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(task.Id));
            _time.Advance(TimeSpan.FromMinutes(4.9));
            await _fleet.PromoteAsync();
            Assert.Null(await _fleet.ClaimAsync(worker));
            _time.Advance(TimeSpan.FromMinutes(0.2));
            await _fleet.PromoteAsync();
        }

        Assert.Equal(0, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId"));
    }

    [Theory]
    [InlineData(FailureKind.Transient)]
    [InlineData(FailureKind.BadResult)]
    [InlineData(FailureKind.TimedOut)]
    public async Task Attempts_used_up_bury_the_order_and_a_requeue_gives_all_again(FailureKind kind)
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(maxAttempts: 2);
        for (var life = 0; life < 2; life++)
        {
            for (var attempt = 0; attempt < 2; attempt++)
            {
                Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(task.Id));
                _time.Advance(TimeSpan.FromHours(1));
                await _fleet.PromoteAsync();
                await _fleet.FailAsync(await BeginAsync(worker, task.Id), kind);
            }

            Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(task.Id));
            Assert.Equal("dead", Assert.Single(await _fleet.OrdersAsync(task.Id)).State);
            await _fleet.RetryAsync(task.Id);
        }

        Assert.Equal("ready", Assert.Single(await _fleet.OrdersAsync(task.Id)).State);
    }

    [Theory]
    [InlineData(FailureKind.Permanent)]
    [InlineData(FailureKind.Budget)]
    public async Task A_failure_that_no_further_try_mends_is_final(FailureKind kind)
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();

        await _fleet.FailAsync(await BeginAsync(worker, task.Id), kind);

        Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(task.Id));
    }

    [Fact]
    public async Task Dependencies_block_and_release()
    {
        var worker = await _fleet.RegisterAsync();
        var (first, second) = (await _fleet.FileAsync("first"), await _fleet.FileAsync("second"));
        var dependent = await _fleet.FileAsync("dependent", dependsOn: [first.Id, second.Id]);
        Assert.Equal(AgentTaskStatus.Blocked, dependent.Status);
        Assert.Contains("waits for \"first\"", dependent.StatusReason, StringComparison.Ordinal);

        await _fleet.CompleteAsync(await BeginAsync(worker, first.Id));
        Assert.Equal(AgentTaskStatus.Blocked, await StatusAsync(dependent.Id));
        var end = await _fleet.CompleteAsync(await BeginAsync(worker, second.Id), Guid.NewGuid());

        Assert.Equal(dependent.Id, end.Next!.Task.Id);
        Assert.Equal(AgentTaskStatus.Queued, (await _fleet.FileAsync("later", dependsOn: [first.Id])).Status);
    }

    [Fact]
    public async Task Dependencies_that_complete_at_once_release_their_dependent_once()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < 10; round++)
        {
            var (first, second) = (await _fleet.FileAsync("first"), await _fleet.FileAsync("second"));
            var dependent = await _fleet.FileAsync("dependent", dependsOn: [first.Id, second.Id]);
            var orders = new[] { await BeginAsync(worker, first.Id), await BeginAsync(worker, second.Id) };

            await TogetherAsync(2, n => _fleet.CompleteAsync(orders[n]));

            await _fleet.CompleteAsync(await BeginAsync(worker, dependent.Id));
        }
    }

    [Fact]
    public async Task A_dependency_completes_though_its_dependent_is_cancelled_at_that_moment()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < 10; round++)
        {
            var first = await _fleet.FileAsync("first");
            var dependent = await _fleet.FileAsync("dependent", dependsOn: [first.Id]);
            var order = await BeginAsync(worker, first.Id);

            await TogetherAsync<object>(2, async n => n == 0 ? await _fleet.CompleteAsync(order) : await _fleet.CancelAsync(dependent.Id));

            Assert.Equal((AgentTaskStatus.Completed, AgentTaskStatus.Cancelled), (await StatusAsync(first.Id), await StatusAsync(dependent.Id)));
            Assert.Null(await _fleet.ClaimAsync(worker));
        }
    }

    [Fact]
    public async Task A_dependent_is_told_of_a_dependency_that_failed_and_of_its_return()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync("first");
        var dependent = await _fleet.FileAsync("dependent", dependsOn: [first.Id]);

        await _fleet.FailAsync(await BeginAsync(worker, first.Id), FailureKind.Permanent);
        var told = await _fleet.TaskAsync(dependent.Id);
        Assert.Equal(AgentTaskStatus.Blocked, told.Status);
        Assert.Contains($"\"first\" ({first.Id}) is failed", told.StatusReason, StringComparison.Ordinal);
        Assert.Contains("is failed", (await _fleet.FileAsync("later", dependsOn: [first.Id])).StatusReason, StringComparison.Ordinal);

        await _fleet.RetryAsync(first.Id);
        Assert.Contains("waits for \"first\"", (await _fleet.TaskAsync(dependent.Id)).StatusReason, StringComparison.Ordinal);
        await _fleet.CancelAsync(first.Id);
        Assert.Contains("is cancelled", (await _fleet.TaskAsync(dependent.Id)).StatusReason, StringComparison.Ordinal);
    }
}
