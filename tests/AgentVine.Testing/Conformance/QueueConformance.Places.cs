using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Repositories with a limit: who is ready, who is held.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task Orders_of_a_full_repository_are_held_and_not_claimed()
    {
        var worker = await _fleet.RegisterAsync();
        var tasks = await FileAsync(3);
        await _fleet.LimitAsync(tasks[0].RepositoryId, 1);
        var elsewhere = await _fleet.FileAsync(repository: "https://example.com/team/other");

        Assert.Equal([tasks[0].Id, elsewhere.Id], await ClaimAllAsync(worker));
        Assert.Equal(["leased", "held", "held"], await StatesAsync(tasks));
    }

    [Fact]
    public async Task The_best_ranked_orders_of_a_full_repository_are_the_ready_ones()
    {
        var tasks = await FileAsync(2);
        await _fleet.LimitAsync(tasks[0].RepositoryId, 1);
        Assert.Equal(["ready", "held"], await StatesAsync(tasks));

        var high = await _fleet.FileAsync(priority: TaskPriority.High);

        Assert.Equal(["held", "held", "ready"], await StatesAsync([.. tasks, high]));
    }

    [Fact]
    public async Task A_limit_lowered_and_raised_moves_orders_both_ways()
    {
        var worker = await _fleet.RegisterAsync();
        var tasks = await FileAsync(5);
        var repository = tasks[0].RepositoryId;
        await BeginAsync(worker, tasks[0].Id);

        await _fleet.LimitAsync(repository, 3);
        Assert.Equal(["leased", "ready", "ready", "held", "held"], await StatesAsync(tasks));
        await _fleet.LimitAsync(repository, 1);
        Assert.Equal(["leased", "held", "held", "held", "held"], await StatesAsync(tasks));
        await _fleet.LimitAsync(repository, 2);
        Assert.Equal(["leased", "ready", "held", "held", "held"], await StatesAsync(tasks));
        await _fleet.LimitAsync(repository, 0);
        Assert.Equal(["leased", "ready", "ready", "ready", "ready"], await StatesAsync(tasks));
    }

    [Theory]
    [InlineData("completed")]
    [InlineData("failed")]
    [InlineData("cancelled while ready")]
    [InlineData("cancelled while leased")]
    public async Task A_repositorys_place_is_given_on(string when)
    {
        var worker = await _fleet.RegisterAsync();
        var tasks = await FileAsync(2);
        await _fleet.LimitAsync(tasks[0].RepositoryId, 1);
        if (when == "cancelled while ready")
        {
            await _fleet.CancelAsync(tasks[0].Id);
            Assert.Equal(["ready"], await StatesAsync([tasks[1]]));
            return;
        }

        var order = await BeginAsync(worker, tasks[0].Id);
        var claim = _fleet.ClaimAsync(worker, wait: Patience);
        await WaitingAsync(1);

        switch (when)
        {
            case "completed":
                await _fleet.CompleteAsync(order);
                break;
            case "failed":
                await _fleet.FailAsync(order, FailureKind.Permanent);
                break;
            default:
                await _fleet.CancelAsync(tasks[0].Id);
                Assert.Equal(["leased", "held"], await StatesAsync(tasks));
                await _fleet.FailAsync(order, FailureKind.Cancelled);
                break;
        }

        Assert.Equal(tasks[1].Id, (await claim)?.Task.Id);
    }

    [Fact]
    public async Task A_delayed_order_has_no_place_until_its_time_has_come()
    {
        var worker = await _fleet.RegisterAsync();
        var tasks = await FileAsync(2);
        await _fleet.LimitAsync(tasks[0].RepositoryId, 1);

        await _fleet.FailAsync(await BeginAsync(worker, tasks[0].Id), FailureKind.Transient);

        Assert.Equal(["held", "ready"], await StatesAsync(tasks));
        await _fleet.PromoteAsync();
        Assert.Equal(["held", "ready"], await StatesAsync(tasks));
        _time.Advance(TimeSpan.FromSeconds(10));
        await _fleet.PromoteAsync();
        Assert.Equal(["ready", "held"], await StatesAsync(tasks));
    }

    [Fact]
    public async Task Places_are_right_when_orders_come_and_go_at_once()
    {
        var workers = await RegisterAsync(2);
        var first = await _fleet.FileAsync();
        await _fleet.LimitAsync(first.RepositoryId, 2);

        await TogetherAsync(4, async n =>
        {
            for (var round = 0; round < 8; round++)
            {
                if (n < 2)
                {
                    var filed = await _fleet.FileAsync(priority: round % 2 == 0 ? TaskPriority.High : TaskPriority.Normal);
                    await (round % 4 == 0 ? RecordAsync(() => _fleet.CancelAsync(filed.Id)) : Task.FromResult<Exception?>(null));
                }
                else if (await _fleet.ClaimAsync(workers[n - 2]) is { } order)
                {
                    await _fleet.CompleteAsync(order);
                }
            }

            return n;
        });

        var open = await _fleet.QueryAsync<WorkOrderRow>(
            "select id, state, rank from work_orders where organization_id = @OrganizationId order by rank, sequence");
        Assert.Equal(open.Select((_, index) => index < 2 ? "ready" : "held"), open.Select(order => order.State));
    }

    [Fact]
    public async Task Two_promoters_move_an_order_once()
    {
        var worker = await _fleet.RegisterAsync();
        var tasks = await FileAsync(3);
        for (var round = 0; round < 5; round++)
        {
            await _fleet.LimitAsync(tasks[0].RepositoryId, 0);
            await _fleet.FailAsync(await BeginAsync(worker, tasks[0].Id), FailureKind.RateLimit, _time.GetUtcNow().AddSeconds(1));
            await _fleet.LimitAsync(tasks[0].RepositoryId, 2);
            _time.Advance(TimeSpan.FromSeconds(2));

            await TogetherAsync(3, async n =>
            {
                await _fleet.PromoteAsync();
                return n;
            });

            Assert.Equal(["ready", "ready", "held"], await StatesAsync(tasks));
        }
    }

    private async Task<IReadOnlyList<TaskView>> FileAsync(int count)
    {
        var tasks = new List<TaskView>();
        for (var n = 0; n < count; n++)
        {
            tasks.Add(await _fleet.FileAsync($"task {n}"));
        }

        return tasks;
    }

    private async Task<IReadOnlyList<string>> StatesAsync(IReadOnlyList<TaskView> tasks)
    {
        var states = new List<string>();
        foreach (var task in tasks)
        {
            states.Add(Assert.Single(await _fleet.OrdersAsync(task.Id)).State);
        }

        return states;
    }
}
