using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Leases that are renewed, lapse, or go with their worker.</summary>
public abstract partial class QueueConformance
{
    private TimeSpan Lease => _fleet.Options.Lease;

    [Fact]
    public async Task A_lapsed_lease_is_rescued_once()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.RescueAsync();
        await _fleet.PassLeaseTimeAsync(Lease + TimeSpan.FromSeconds(1));

        await TogetherAsync(2, async n =>
        {
            await _fleet.RescueAsync();
            return n;
        });

        Assert.Equal(ExecutionStatus.Lost, await ExecutionAsync(order));
        Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(task.Id));
        Assert.Equal(1, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId"));
        Assert.Single(await _fleet.OrdersAsync(task.Id));
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(order));
    }

    [Fact]
    public async Task No_lease_lapses_for_a_full_period_after_a_start()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.RescueAsync();
        await _fleet.PassLeaseTimeAsync(TimeSpan.FromMinutes(10));

        _fleet.RestartRescuer();
        await _fleet.RescueAsync();
        await _fleet.PassLeaseTimeAsync(Lease / 2);
        await _fleet.RescueAsync();
        Assert.Equal(ExecutionStatus.Running, await ExecutionAsync(order));

        await _fleet.PassLeaseTimeAsync((Lease / 2) + TimeSpan.FromSeconds(1));
        await _fleet.RescueAsync();
        Assert.Equal(ExecutionStatus.Lost, await ExecutionAsync(order));
    }

    [Fact]
    public async Task A_renewed_lease_does_not_lapse()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.RescueAsync();
        for (var beat = 0; beat < 3; beat++)
        {
            await _fleet.PassLeaseTimeAsync(Lease * 0.75);
            await _fleet.BeatAsync(worker, order);
            await _fleet.RescueAsync();
        }

        Assert.Equal(ExecutionStatus.Running, await ExecutionAsync(order));
    }

    [Fact]
    public async Task A_lapsed_attempt_of_a_cancelled_task_leaves_the_queue()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.RescueAsync();
        await _fleet.CancelAsync(task.Id);
        await _fleet.PassLeaseTimeAsync(Lease * 2);

        await _fleet.RescueAsync();

        Assert.Equal((ExecutionStatus.Lost, AgentTaskStatus.Cancelled), (await ExecutionAsync(order), await StatusAsync(task.Id)));
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
    }

    [Fact]
    public async Task A_worker_registered_anew_loses_what_it_ran()
    {
        var worker = await _fleet.RegisterAsync("w");
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.OpenSessionAsync(order);

        await _fleet.RegisterAsync("w");

        Assert.Equal((ExecutionStatus.Lost, AgentTaskStatus.Queued), (await ExecutionAsync(order), await StatusAsync(task.Id)));
        Assert.Equal(["terminated"], await _fleet.QueryAsync<string>("select status from sessions where organization_id = @OrganizationId"));
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.CompleteAsync(order));
    }

    [Fact]
    public async Task A_worker_that_goes_while_it_claims_keeps_nothing()
    {
        for (var round = 0; round < 10; round++)
        {
            var worker = await _fleet.RegisterAsync();
            var task = await _fleet.FileAsync(maxAttempts: 20);

            await TogetherAsync<object?>(2, async n =>
            {
                if (n == 0)
                {
                    await _fleet.DeregisterAsync(worker);
                    return null;
                }

                try
                {
                    return await _fleet.ClaimAsync(worker);
                }
                catch (Engine.Kernel.ProblemException gone) when (gone.Code is ErrorCodes.WorkersNotFound or ErrorCodes.WorkersSuperseded)
                {
                    return null;
                }
            });

            Assert.Equal(0, await LeasedAsync());
            await _fleet.CancelAsync(task.Id);
        }
    }
}
