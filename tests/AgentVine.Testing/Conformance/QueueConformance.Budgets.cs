using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Money: what is granted never comes to more than a budget, and what was spent is on record.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_hundred_that_ask_at_once_with_budget_for_one_get_one_grant()
    {
        var orders = await RunningAsync(100);
        await _fleet.BudgetOfRepositoryAsync(orders[0].Task.RepositoryId, 1);

        var answers = await TogetherAsync(orders.Count, n => _fleet.AskBudgetAsync(orders[n], 0, 0.6m));

        Assert.Equal(0.6m, Assert.Single(answers, answer => answer!.Refused is null)!.GrantedUsd);
        Assert.All(answers.Where(answer => answer!.Refused is not null), answer =>
            Assert.Equal((0, BudgetScope.Repository, 1), (answer!.GrantedUsd, answer.Refused!.Scope, answer.Refused.LimitUsd)));
    }

    [Fact]
    public async Task A_grant_is_cumulative_and_asked_again_it_is_the_same()
    {
        var order = (await RunningAsync(1, budget: 1)).Single();
        Assert.Equal(new WorkOrderBudget(0, 0), order.Budget);

        Assert.Equal(new BudgetResponse(0.4m, null), await _fleet.AskBudgetAsync(order, 0, 0.4m));
        Assert.Equal(new BudgetResponse(0.4m, null), await _fleet.AskBudgetAsync(order, 0, 0.4m));
        Assert.Equal(new BudgetResponse(0.4m, null), await _fleet.AskBudgetAsync(order, 0.1m, 0.2m));
        Assert.Equal(new BudgetResponse(1, null), await _fleet.AskBudgetAsync(order, 0.4m, 1));
        Assert.Equal(
            new BudgetResponse(1, new BudgetRefusal(BudgetScope.Task, 1, 1, null)), await _fleet.AskBudgetAsync(order, 0.4m, 1.000001m));
        Assert.Equal(0.4m, (await _fleet.TaskAsync(order.Task.Id)).SpentUsd);
    }

    [Fact]
    public async Task An_ended_attempt_gives_back_what_it_did_not_spend_and_a_lost_one_does_not()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(new CreateTaskRequest { Title = "t", RepositoryUrl = QueueFleet.Repository, BudgetUsd = 1 });
        var order = await BeginAsync(worker, task.Id);
        await _fleet.AskBudgetAsync(order, 0, 0.8m);
        await _fleet.StoreUsageAsync(order, Usage(_time.GetUtcNow(), 1, 0.1m));
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        order = await BeginAsync(worker, task.Id);
        Assert.Null((await _fleet.AskBudgetAsync(order, 0, 0.5m)).Refused);
        worker = await _fleet.RegisterAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await _fleet.PromoteAsync();

        order = await BeginAsync(worker, task.Id);
        Assert.Equal(0.6m, (await _fleet.AskBudgetAsync(order, 0, 0.41m)).Refused!.SpentUsd);
        Assert.Null((await _fleet.AskBudgetAsync(order, 0, 0.4m)).Refused);
    }

    [Fact]
    public async Task A_days_budget_begins_anew_with_the_utc_day_and_counts_what_was_spent_on_it()
    {
        var orders = await RunningAsync(2);
        await ToDayEndAsync(TimeSpan.FromMinutes(10));
        var midnight = _time.GetUtcNow().UtcDateTime.Date.AddDays(1);
        await _fleet.StoreUsageAsync(orders[0], Usage(_time.GetUtcNow(), 1, 0.7m));

        var refused = (await _fleet.AskBudgetAsync(orders[1], 0, 0.4m, day: 1)).Refused!;
        Assert.Equal((BudgetScope.Day, 1m, 0.7m), (refused.Scope, refused.LimitUsd, refused.SpentUsd));
        Assert.Equal(new DateTimeOffset(midnight, TimeSpan.Zero), refused.Until);

        _time.Advance(TimeSpan.FromMinutes(15));
        Assert.Null((await _fleet.AskBudgetAsync(orders[1], 0, 0.4m, day: 1)).Refused);
        Assert.Null((await _fleet.AskBudgetAsync(orders[0], 0.7m, 1.3m, day: 1)).Refused);
        Assert.NotNull((await _fleet.AskBudgetAsync(orders[0], 0.7m, 1.31m, day: 1)).Refused);
        Assert.NotNull((await _fleet.AskBudgetAsync(orders[1], 0, 0.41m, day: 1)).Refused);
    }

    [Fact]
    public async Task An_attempt_that_a_tasks_budget_stopped_is_given_up()
    {
        var order = (await RunningAsync(1, budget: 0.5m)).Single();
        await _fleet.AskBudgetAsync(order, 0.5m, 0.6m);

        await _fleet.FailAsync(order, Spent);

        Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(order.Task.Id));
    }

    [Fact]
    public async Task An_attempt_that_a_days_budget_stopped_waits_for_the_next_day_and_burns_none()
    {
        var orders = await RunningAsync(1);
        await ToDayEndAsync(TimeSpan.FromMinutes(10));
        await _fleet.BudgetOfRepositoryAsync(orders[0].Task.RepositoryId, 0.5m);
        await _fleet.AskBudgetAsync(orders[0], 0, 0.6m);
        Assert.Null((await _fleet.AskBudgetAsync(orders[0], 0, 0.1m)).Refused);

        await _fleet.FailAsync(orders[0], Spent);

        var task = await _fleet.TaskAsync(orders[0].Task.Id);
        Assert.Equal(AgentTaskStatus.Queued, task.Status);
        Assert.Contains("next attempt not before", task.StatusReason, StringComparison.Ordinal);
        Assert.Equal(0, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId and id = @Id", new { task.Id }));
        _time.Advance(TimeSpan.FromMinutes(8));
        await _fleet.PromoteAsync();
        Assert.Equal("delay", Assert.Single(await _fleet.OrdersAsync(task.Id)).HeldReason);
        _time.Advance(TimeSpan.FromMinutes(4));
        await _fleet.PromoteAsync();
        Assert.Equal("ready", Assert.Single(await _fleet.OrdersAsync(task.Id)).State);
    }

    [Fact]
    public async Task Usage_told_again_or_late_changes_nothing()
    {
        var order = (await RunningAsync(1)).Single();
        var minute = _time.GetUtcNow();
        await _fleet.StoreUsageAsync(order, Usage(minute, 5, 0.2m), Usage(minute, 7, 0.1m, "other"));
        await _fleet.StoreUsageAsync(order, Usage(minute, 9, 0.3m));
        await _fleet.StoreUsageAsync(order, Usage(minute, 5, 0.2m));
        await _fleet.CompleteAsync(order, result: new TaskResult { CostUsd = 3 });
        await _fleet.StoreUsageAsync(order, Usage(minute.AddMinutes(1), 1, 0.05m));

        var rows = await _fleet.UsageAsync(order);
        Assert.Equal([("m", 9L, 0.3m), ("other", 7L, 0.1m), ("m", 1L, 0.05m)], rows.Select(row => (row.Model, row.Output, row.CostUsd)));
        Assert.Equal((0, 0), (rows[0].Minute!.Value.Second, rows[0].Minute!.Value.Millisecond));
        Assert.Equal(0.45m, (await _fleet.TaskAsync(order.Task.Id)).SpentUsd);
        Assert.Equal(0.45m, (await _fleet.ExecutionsAsync(order.Task.Id)).Single().ToView().SpentUsd);
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.StoreUsageAsync(order with { LeaseToken = order.LeaseToken + 1 }, Usage(minute, 1)));
    }

    [Fact]
    public async Task What_no_gateway_metered_is_what_the_agent_program_said()
    {
        var orders = await RunningAsync(2);
        await _fleet.BudgetOfRepositoryAsync(orders[0].Task.RepositoryId, 1);

        await _fleet.CompleteAsync(orders[0], result: new TaskResult { CostUsd = 0.9m });

        Assert.Equal(0.9m, (await _fleet.TaskAsync(orders[0].Task.Id)).SpentUsd);
        Assert.Equal(0.9m, (await _fleet.AskBudgetAsync(orders[1], 0, 0.2m)).Refused!.SpentUsd);
    }

    [Fact]
    public async Task An_ended_attempt_is_granted_nothing()
    {
        var order = (await RunningAsync(1, budget: 1)).Single();
        await _fleet.CompleteAsync(order);

        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.AskBudgetAsync(order, 0, 0.1m));
    }

    private static TaskError Spent => new() { Kind = FailureKind.Budget, Cause = FailureCause.BudgetSpent, Message = "spent" };

    private async Task<IReadOnlyList<WorkOrderView>> RunningAsync(int attempts, decimal? budget = null)
    {
        var worker = await _fleet.RegisterAsync();
        var orders = new List<WorkOrderView>();
        for (var n = 0; n < attempts; n++)
        {
            await _fleet.FileAsync(new CreateTaskRequest { Title = $"task {n}", RepositoryUrl = QueueFleet.Repository, BudgetUsd = budget });
            orders.Add((await _fleet.ClaimAsync(worker))!);
        }

        return orders;
    }

    private Task ToDayEndAsync(TimeSpan before)
    {
        var now = _time.GetUtcNow();
        _time.Advance(now.UtcDateTime.Date.AddDays(1) - before - now.UtcDateTime + TimeSpan.FromDays(1));
        return Task.CompletedTask;
    }
}
