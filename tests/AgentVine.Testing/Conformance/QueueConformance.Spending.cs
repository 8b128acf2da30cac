using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Money that moves while somebody asks for it, or after the end.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task Usage_that_is_stored_while_another_asks_is_counted_once_and_never_missed()
    {
        var orders = await RunningAsync(2);
        await _fleet.BudgetOfRepositoryAsync(orders[0].Task.RepositoryId, 1);
        await _fleet.AskBudgetAsync(orders[0], 0, 0.6m);

        var asked = await AgainstAsync(
            sql => sql.Contains("sum(", StringComparison.Ordinal) && sql.Contains("metered", StringComparison.Ordinal),
            () => _fleet.StoreUsageAsync(orders[0], Usage(_time.GetUtcNow(), 1, 0.6m)),
            () => _fleet.AskBudgetAsync(orders[1], 0, 0.5m));

        Assert.Equal(0.6m, asked.Refused?.SpentUsd);
    }

    [Fact]
    public async Task Money_that_a_subtask_takes_while_its_parent_asks_is_granted_once()
    {
        var order = (await RunningAsync(1, budget: 1)).Single();

        var asked = await AgainstAsync(
            sql => sql == BudgetsSql.Lock, () => RecordAsync(() => _fleet.FileSubtaskAsync(order, Wish("half"))), () => _fleet.AskBudgetAsync(order, 0, 1));

        // What is not granted was taken, and the other way round.
        Assert.Equal(asked.GrantedUsd, (await _fleet.TaskAsync(order.Task.Id)).Subtasks.Count == 0 ? 1 : 0);
    }

    [Fact]
    public async Task A_refusal_is_known_until_what_was_refused_is_granted()
    {
        var orders = await RunningAsync(2);
        foreach (var order in orders)
        {
            await _fleet.BudgetOfRepositoryAsync(order.Task.RepositoryId, 0.5m);
            await _fleet.AskBudgetAsync(order, 0, 0.6m);
            await _fleet.AskBudgetAsync(order, 0, 0.2m);
        }

        await _fleet.FailAsync(orders[0], Spent);
        await _fleet.BudgetOfRepositoryAsync(orders[1].Task.RepositoryId, 2);
        await _fleet.AskBudgetAsync(orders[1], 0, 0.6m);
        await _fleet.FailAsync(orders[1], Spent);

        Assert.Equal((AgentTaskStatus.Queued, AgentTaskStatus.Failed), (await StatusAsync(orders[0].Task.Id), await StatusAsync(orders[1].Task.Id)));
    }

    [Fact]
    public async Task A_repositorys_higher_budget_lets_go_at_once_what_waited_for_the_next_day()
    {
        var orders = await RunningAsync(3);
        var repository = orders[0].Task.RepositoryId;
        await ToDayEndAsync(TimeSpan.FromHours(10));
        await _fleet.BudgetOfRepositoryAsync(repository, 0.5m);
        await _fleet.AskBudgetAsync(orders[0], 0, 0.6m);
        await _fleet.AskBudgetAsync(orders[1], 0, 0.6m);
        await _fleet.FailAsync(orders[0], Spent);
        await _fleet.FailAsync(orders[2], FailureKind.RateLimit, retryAt: _time.GetUtcNow().AddHours(1));
        await _fleet.BudgetOfRepositoryAsync(repository, 0.4m);
        await _fleet.PromoteAsync();
        Assert.Equal("delay", Assert.Single(await _fleet.OrdersAsync(orders[0].Task.Id)).HeldReason);

        await _fleet.BudgetOfRepositoryAsync(repository, 5);
        await _fleet.FailAsync(orders[1], Spent);
        await _fleet.PromoteAsync();

        Assert.Equal("ready", Assert.Single(await _fleet.OrdersAsync(orders[0].Task.Id)).State);
        Assert.DoesNotContain("not before", (await _fleet.TaskAsync(orders[0].Task.Id)).StatusReason ?? "", StringComparison.Ordinal);
        Assert.Equal("ready", Assert.Single(await _fleet.OrdersAsync(orders[1].Task.Id)).State);
        Assert.Equal("delay", Assert.Single(await _fleet.OrdersAsync(orders[2].Task.Id)).HeldReason);
    }

    [Fact]
    public async Task Usage_that_comes_after_the_end_and_midnight_is_part_of_what_the_end_said()
    {
        var orders = await RunningAsync(2);
        await ToDayEndAsync(TimeSpan.FromMinutes(10));
        var evening = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(15));
        await _fleet.BudgetOfRepositoryAsync(orders[0].Task.RepositoryId, 1);
        await _fleet.CompleteAsync(orders[0], result: new TaskResult { CostUsd = 0.9m });

        await _fleet.StoreUsageAsync(orders[0], Usage(evening, 1, 0.5m));
        Assert.Equal((0.9m, 0.4m), await SpentAsync());
        await _fleet.StoreUsageAsync(orders[0], Usage(_time.GetUtcNow(), 1, 0.1m));
        Assert.Equal((0.9m, 0.4m), await SpentAsync());
        await _fleet.StoreUsageAsync(orders[0], Usage(evening, 2, 0.9m));
        Assert.Equal((1m, 0.1m), await SpentAsync());

        async Task<(decimal Task, decimal Today)> SpentAsync() =>
            ((await _fleet.TaskAsync(orders[0].Task.Id)).SpentUsd, (await _fleet.AskBudgetAsync(orders[1], 0, 1.01m)).Refused!.SpentUsd);
    }

    [Fact]
    public async Task A_lost_attempt_holds_its_grant_until_its_end_is_told()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(new CreateTaskRequest { Title = "t", RepositoryUrl = QueueFleet.Repository, BudgetUsd = 1 });
        var lost = await BeginAsync(worker, task.Id);
        await _fleet.AskBudgetAsync(lost, 0.1m, 0.8m);
        worker = await _fleet.RegisterAsync();
        _time.Advance(TimeSpan.FromMinutes(1));
        await _fleet.PromoteAsync();
        var order = await BeginAsync(worker, task.Id);
        var refused = (await _fleet.AskBudgetAsync(order, 0, 0.5m)).Refused!;
        Assert.Equal((0.8m, 0.7m), (refused.SpentUsd, refused.SetAsideUsd));

        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(lost));

        Assert.Equal(new BudgetResponse(0.9m, null), await _fleet.AskBudgetAsync(order, 0, 0.9m));
        Assert.NotNull((await _fleet.AskBudgetAsync(order, 0, 0.91m)).Refused);
    }

    /// <summary>Runs <paramref name="act"/>, and <paramref name="meanwhile"/> to its end within, just before the statement that <paramref name="at"/> names.</summary>
    private async Task<T> AgainstAsync<T>(Func<string, bool> at, Func<Task> meanwhile, Func<Task<T>> act)
    {
        Task? other = null;
        _fleet.Store.OnStatement = async sql =>
        {
            if (other is null && at(sql))
            {
                _fleet.Store.OnStatement = null;
                using (ExecutionContext.SuppressFlow())
                {
                    other = Task.Run(meanwhile);
                }

                // Without row locks it waits for this unit, and comes after it.
                await (database.Store.Dialect.ForUpdateSkipLocked.Length > 0 ? other.WaitAsync(Patience) : Task.CompletedTask);
            }
        };
        var result = await act();
        await (other ?? throw new InvalidOperationException("The statement never came.")).WaitAsync(Patience);
        return result;
    }
}
