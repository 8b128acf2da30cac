using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>What is shown is known, or says since when it is not; and conversations are kept, few and for a while.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task After_a_restart_what_ran_is_unconfirmed_until_its_worker_speaks()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        _fleet.Time.Advance(TimeSpan.FromMinutes(2));

        await _fleet.RestartAsync();
        await _fleet.RestartAsync();

        var since = (await _fleet.TaskAsync(task.Id)).UnconfirmedSince;
        Assert.NotNull(since);
        Assert.Equal(since, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).ToView().UnconfirmedSince);
        Assert.Equal(since, Assert.Single(await _fleet.SessionsAsync(task.Id)).ToView().UnconfirmedSince);
        Assert.Equal(since, (await _fleet.RequestAsync(request.Id)).ToView().UnconfirmedSince);
        Assert.Single(await _fleet.EventsAsync(task.Id), each => each.Type == EventTypes.ExecutionUnconfirmed);

        await _fleet.BeatAsync(worker, order);
        Assert.Null((await _fleet.TaskAsync(task.Id)).UnconfirmedSince);
        Assert.Single(await _fleet.EventsAsync(task.Id), each => each.Type == EventTypes.ExecutionConfirmed);
    }

    [Fact]
    public async Task What_a_silent_worker_runs_is_unconfirmed_and_its_end_is_known()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, _) = await WithSessionAsync(worker);
        await _fleet.RescueAsync();
        _fleet.Time.Advance(TimeSpan.FromMinutes(5));
        await _fleet.WatchWorkersAsync();
        _fleet.Time.Advance(TimeSpan.FromMinutes(5));
        await _fleet.RestartAsync();
        Assert.NotNull((await _fleet.TaskAsync(task.Id)).UnconfirmedSince);

        await _fleet.PassLeaseTimeAsync(TimeSpan.FromMinutes(10));
        await _fleet.RescueAsync();

        Assert.Equal(ExecutionStatus.Lost, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).State);
        Assert.Null((await _fleet.TaskAsync(task.Id)).UnconfirmedSince);
        Assert.Null(Assert.Single(await _fleet.ExecutionsAsync(task.Id)).UnconfirmedSince);
    }

    [Fact]
    public async Task A_server_that_stood_still_takes_no_lease_for_that_time()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.RescueAsync();
        _fleet.Time.Advance(TimeSpan.FromMinutes(10));
        await _fleet.PassLeaseTimeAsync(TimeSpan.FromMinutes(10));

        await _fleet.RescueAsync(ranMeanwhile: false);
        Assert.Equal(ExecutionStatus.Running, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).State);
        await _fleet.BeatAsync(worker, order);

        await _fleet.PassLeaseTimeAsync(TimeSpan.FromMinutes(10));
        await _fleet.RescueAsync();
        Assert.Equal(ExecutionStatus.Lost, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).State);
    }

    [Fact]
    public async Task A_stalled_agent_is_shown_as_such_until_it_goes_on_or_ends()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);

        await _fleet.StallAsync(order, StallStep.Stalled);
        await _fleet.StallAsync(order, StallStep.Nudged);
        Assert.NotNull((await _fleet.TaskAsync(task.Id)).StalledSince);
        await _fleet.StallAsync(order, StallStep.Recovered);
        Assert.Null((await _fleet.TaskAsync(task.Id)).StalledSince);
        Assert.Equal(3, (await _fleet.EventsAsync(task.Id)).Count(each => each.Type == EventTypes.ExecutionStalled));

        await _fleet.FailAsync(order, FailureKind.Interrupted);
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.StallAsync(order, StallStep.Killed));
    }

    [Fact]
    public async Task A_finished_tasks_session_serves_the_next_similar_task_and_no_other()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.CompleteAsync(order);
        Assert.Equal(SessionStatus.Idle, Assert.Single(await _fleet.SessionsAsync(task.Id)).State);

        var review = await _fleet.FileAsync(permission: PermissionLevel.Supervised);
        Assert.Null((await BeginAsync(worker, review.Id)).Session);
        var elsewhere = await _fleet.FileAsync(repository: QueueFleet.Repository + "/other");
        Assert.Null((await BeginAsync(worker, elsewhere.Id)).Session);

        var similar = await _fleet.FileAsync();
        var next = await BeginAsync(worker, similar.Id);
        Assert.Equal((order.ExecutionId, 1, true), (next.Session!.ExecutionId, next.Session.N, next.Session.Reused));
        Assert.Null(next.Checkpoint);
        var session = Assert.Single(await _fleet.SessionsAsync(similar.Id));
        Assert.Equal((2, SessionStatus.Active), (session.TasksServed, session.State));
        Assert.Null((await BeginAsync(worker, (await _fleet.FileAsync()).Id)).Session);
    }

    [Fact]
    public async Task A_session_without_a_stored_transcript_ends_with_its_task()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);

        await _fleet.CompleteAsync(order);

        Assert.Equal("completed", Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
    }

    [Theory]
    [InlineData(1801, "idle_timeout")]
    [InlineData(3601, "idle_timeout")]
    public async Task A_kept_session_ends_when_nobody_wants_it(int seconds, string reason)
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.CompleteAsync(order);
        await _fleet.ReapSessionsAsync();
        Assert.Null(Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);

        _fleet.Time.Advance(TimeSpan.FromSeconds(seconds));
        await _fleet.ReapSessionsAsync();

        Assert.Equal(reason, Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
        Assert.Null((await BeginAsync(worker, (await _fleet.FileAsync()).Id)).Session);
    }

    [Fact]
    public async Task An_old_session_ends_by_age_though_it_was_wanted_lately()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        _fleet.Time.Advance(TimeSpan.FromSeconds(3601));
        await _fleet.CompleteAsync(order);

        await _fleet.ReapSessionsAsync();

        Assert.Equal("age", Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
    }

    [Fact]
    public async Task Of_too_many_kept_sessions_the_one_unused_longest_ends()
    {
        var worker = await _fleet.RegisterAsync();
        var begun = new List<(TaskView Task, WorkOrderView Order)>();
        for (var i = 0; i < 3; i++)
        {
            begun.Add(await WithSessionAsync(worker));
        }

        foreach (var (_, order) in begun)
        {
            await _fleet.CheckpointAsync(order, 1);
            await _fleet.CompleteAsync(order);
            _fleet.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await _fleet.ReapSessionsAsync();

        Assert.Equal("resource_limit", Assert.Single(await _fleet.SessionsAsync(begun[0].Task.Id)).EndReason);
        Assert.Null(Assert.Single(await _fleet.SessionsAsync(begun[2].Task.Id)).EndReason);
    }

    [Fact]
    public async Task A_session_whose_context_is_nearly_full_is_not_kept()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var session = Assert.Single(await _fleet.SessionsAsync(task.Id));
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.BeatSessionAsync(session.Id, Beat(order, session.SessionId) with { ContextTokens = 180_000, ContextWindow = 200_000, CostUsd = 1.5m });
        Assert.Equal(1.5m, Assert.Single(await _fleet.SessionsAsync(task.Id)).ToView().CostUsd);

        await _fleet.CompleteAsync(order);

        Assert.Equal("context_full", Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
    }

    [Fact]
    public async Task A_heartbeat_with_a_wrong_pair_is_refused_and_the_session_is_opened_anew()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var (_, other) = await WithSessionAsync(worker);
        var session = Assert.Single(await _fleet.SessionsAsync(task.Id));

        await RefusedAsync(ErrorCodes.SessionsMapping, () => _fleet.BeatSessionAsync(session.Id, Beat(order, "not that one")));
        await RefusedAsync(ErrorCodes.SessionsMapping, () => _fleet.BeatSessionAsync(session.Id, Beat(other, session.SessionId)));

        await _fleet.OpenSessionAsync(order);
        await _fleet.BeatSessionAsync(session.Id, Beat(order, session.SessionId));
    }

    private static SessionHeartbeat Beat(WorkOrderView order, string sessionId) =>
        new() { ExecutionId = order.ExecutionId, LeaseToken = order.LeaseToken, SessionId = sessionId };
}
