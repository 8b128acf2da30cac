using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Waiting without a slot, and going on from where an attempt was cut.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_parked_attempt_frees_its_slot_and_burns_no_attempt_and_stays_answerable()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        var request = await _fleet.AskAsync(order);

        await _fleet.ParkAsync(order);

        Assert.Equal(AgentTaskStatus.Waiting, await StatusAsync(task.Id));
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
        Assert.Equal(ExecutionStatus.Parked, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).State);
        Assert.Equal(SessionStatus.Waiting, Assert.Single(await _fleet.SessionsAsync(task.Id)).State);
        Assert.Equal(0, await OneAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId and id = @Id", new { task.Id }));
        var parked = (await _fleet.RequestAsync(request.Id)).ToView();
        Assert.Equal(RequestStatus.Open, parked.Status);
        Assert.NotNull(parked.ParkedAt);

        await _fleet.AnswerAsync(request.Id);
        var next = await BeginAsync(worker, task.Id);
        var words = Assert.Single(next.Feedback);
        Assert.Equal(request.Id, words.RequestId);
        Assert.Contains("that one", words.Content, StringComparison.Ordinal);
        Assert.Equal((order.ExecutionId, 1), (next.Checkpoint!.ExecutionId, next.Checkpoint.N));
        Assert.Equal(($"session of {order.ExecutionId}", false), (next.Session!.SessionId, next.Session.Reused));
        Assert.Equal(0, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId and type = 'answer'"));

        await _fleet.DeliverAsync(request.Id);
        await _fleet.DeliverAsync(request.Id);
        Assert.Single(await _fleet.EventsAsync(task.Id), each => each.Type == EventTypes.RequestDelivered);
    }

    [Fact]
    public async Task An_answer_brings_a_parked_task_back_before_what_was_filed_earlier()
    {
        var worker = await _fleet.RegisterAsync();
        var earlier = await _fleet.FileAsync("earlier", repository: QueueFleet.Repository + "/other");
        var cover = await BeginAsync(worker, earlier.Id);
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        await _fleet.ParkAsync(order);
        await _fleet.FailAsync(cover, FailureKind.Interrupted);

        await _fleet.AnswerAsync(request.Id);

        Assert.Equal(task.Id, (await _fleet.ClaimAsync(worker))!.Task.Id);
    }

    [Fact]
    public async Task An_attempt_that_is_answered_while_it_is_being_parked_is_queued_at_once()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        await _fleet.AnswerAsync(request.Id);

        await _fleet.ParkAsync(order);

        Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(task.Id));
        Assert.Equal(request.Id, Assert.Single((await BeginAsync(worker, task.Id)).Feedback).RequestId);
    }

    [Fact]
    public async Task A_parked_task_can_be_cancelled()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        var request = await _fleet.AskAsync(order);
        await _fleet.ParkAsync(order);

        await _fleet.CancelAsync(task.Id);

        Assert.Equal(RequestStatus.Cancelled, (await _fleet.RequestAsync(request.Id)).State);
        Assert.Equal("cancelled", Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
        Assert.Null(await _fleet.ClaimAsync(worker));
        await RefusedAsync(ErrorCodes.RequestsNotOpen, () => _fleet.AnswerAsync(request.Id));
    }

    [Fact]
    public async Task A_permission_given_to_a_parked_attempt_is_good_once_for_exactly_what_was_asked()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskPermissionAsync(order, "rm a");
        await _fleet.ParkAsync(order);
        await _fleet.AnswerAsync(request.Id, new RequestAnswer { Decision = AnswerDecision.Allow });
        var next = await BeginAsync(worker, task.Id);
        await _fleet.DeliverAsync(request.Id);

        Assert.Equal(RequestStatus.Open, (await _fleet.AskPermissionAsync(next, "rm b")).Status);
        var granted = await _fleet.AskPermissionAsync(next, "rm a");
        Assert.Equal((RequestStatus.Answered, "person"), (granted.Status, granted.DecidedBy));
        Assert.Equal(1, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId and type = 'answer'"));
        Assert.Equal(RequestStatus.Open, (await _fleet.AskPermissionAsync(next, "rm a")).Status);
    }

    [Fact]
    public async Task A_permission_that_was_denied_grants_nothing()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskPermissionAsync(order, "rm a");
        await _fleet.ParkAsync(order);
        await _fleet.AnswerAsync(request.Id, new RequestAnswer { Decision = AnswerDecision.Deny, Reason = "never" });

        var next = await BeginAsync(worker, task.Id);

        Assert.Contains("never", Assert.Single(next.Feedback).Content, StringComparison.Ordinal);
        Assert.Equal(RequestStatus.Open, (await _fleet.AskPermissionAsync(next, "rm a")).Status);
    }

    [Fact]
    public async Task An_answer_that_no_agent_had_before_its_worker_was_lost_reaches_the_next_attempt()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        await _fleet.AnswerAsync(request.Id);

        worker = await _fleet.RegisterAsync();

        Assert.Equal(ExecutionStatus.Lost, Assert.Single(await _fleet.ExecutionsAsync(task.Id)).State);
        await PassRetryDelayAsync();
        Assert.Equal(request.Id, Assert.Single((await BeginAsync(worker, task.Id)).Feedback).RequestId);
    }

    [Fact]
    public async Task Lost_work_goes_on_from_its_newest_checkpoint_also_where_that_comes_late()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        worker = await _fleet.RegisterAsync();
        await _fleet.CheckpointAsync(order, 2);
        await PassRetryDelayAsync();

        var next = await BeginAsync(worker, task.Id);

        Assert.Equal(2, next.Checkpoint!.N);
        Assert.Equal(2, next.Session!.N);
        Assert.NotNull(next.ResumedBecause);
        Assert.Equal(1, (await _fleet.SessionsAsync(task.Id)).Count);
    }

    [Fact]
    public async Task Losing_workers_does_not_use_up_the_attempts_of_a_task_that_gets_on()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(maxAttempts: 1);
        for (var n = 1; n <= 3; n++)
        {
            var order = await BeginAsync(worker, task.Id);
            await _fleet.OpenSessionAsync(order);
            await _fleet.CheckpointAsync(order, 1);
            worker = await _fleet.RegisterAsync();
            Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(task.Id));
            await PassRetryDelayAsync();
        }

        await BeginAsync(worker, task.Id);
        await _fleet.RegisterAsync();
        Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(task.Id));
    }

    [Fact]
    public async Task An_attempt_that_got_nowhere_hands_on_what_it_went_on_from_unless_it_failed()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        var second = await BeginAsync(worker, task.Id);
        await _fleet.FailAsync(second, FailureKind.Interrupted);
        var third = await BeginAsync(worker, task.Id);
        Assert.Equal((order.ExecutionId, 1), (third.Checkpoint!.ExecutionId, third.Checkpoint.N));
        Assert.Equal(order.ExecutionId, third.Session!.ExecutionId);
        await _fleet.OpenSessionAsync(third, third.Session.SessionId);

        await _fleet.FailAsync(third, FailureKind.Transient, retryAt: _fleet.Time.GetUtcNow());
        await PassRetryDelayAsync();
        var fresh = await BeginAsync(worker, task.Id);

        Assert.Null(fresh.Checkpoint);
        Assert.Null(fresh.Session);
        Assert.Equal("error", Assert.Single(await _fleet.SessionsAsync(task.Id)).EndReason);
    }

    [Fact]
    public async Task An_attempt_that_failed_before_its_agent_began_hands_on_what_it_went_on_from()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.Transient);
        await PassRetryDelayAsync();

        var third = await BeginAsync(worker, task.Id);

        Assert.Equal((order.ExecutionId, order.ExecutionId), (third.Checkpoint!.ExecutionId, third.Session!.ExecutionId));
    }

    [Fact]
    public async Task What_was_heard_after_the_checkpoint_is_said_again_to_the_attempt_that_goes_on_from_it()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var early = await _fleet.PostAsync(task.Id);
        await _fleet.DeliverMessageAsync(early.Id);
        _fleet.Time.Advance(TimeSpan.FromMinutes(5));
        await _fleet.CheckpointAsync(order, 1);
        _fleet.Time.Advance(TimeSpan.FromMinutes(5));
        var late = await _fleet.PostAsync(task.Id);
        await _fleet.DeliverMessageAsync(late.Id);
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        Assert.Equal(late.Id, Assert.Single((await BeginAsync(worker, task.Id)).Feedback).MessageId);
    }

    [Fact]
    public async Task What_an_agent_was_sent_while_it_waited_is_said_to_the_attempt_after_the_parked_one()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        _fleet.Time.Advance(TimeSpan.FromMinutes(1));
        var message = await _fleet.PostAsync(task.Id);
        await _fleet.DeliverMessageAsync(message.Id);
        _fleet.Time.Advance(TimeSpan.FromMinutes(5));
        await _fleet.TimeRequestsAsync();
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.ParkAsync(order);
        await _fleet.AnswerAsync(request.Id);

        var next = await BeginAsync(worker, task.Id);

        Assert.Equal([request.Id], next.Feedback.Select(words => words.RequestId).OfType<Guid>());
        Assert.Equal([message.Id], next.Feedback.Select(words => words.MessageId).OfType<Guid>());
    }

    [Fact]
    public async Task A_branch_that_was_handed_in_is_gone_on_from_though_no_checkpoint_holds_it()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker, PermissionLevel.Supervised);
        await _fleet.CheckpointAsync(order, 1);
        var head = new string('d', 40);
        await WriteAsync($"update executions set head_commit = '{head}', base_commit = '{new string('0', 40)}' where organization_id = @OrganizationId");
        await _fleet.CompleteAsync(order);
        await _fleet.RejectAsync(task.Id);

        var next = await BeginAsync(worker, task.Id);

        Assert.Equal((2, head), (next.Checkpoint!.N, next.Checkpoint.Commit));
        Assert.Null(next.Session);
    }

    [Fact]
    public async Task A_grant_of_an_attempt_that_was_done_is_void()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker, PermissionLevel.Supervised);
        var request = await _fleet.AskPermissionAsync(order, "rm a");
        await _fleet.ParkAsync(order);
        await _fleet.AnswerAsync(request.Id, new RequestAnswer { Decision = AnswerDecision.Allow });
        var second = await BeginAsync(worker, task.Id);
        await _fleet.DeliverAsync(request.Id);
        await _fleet.CompleteAsync(second);
        await _fleet.RejectAsync(task.Id);

        var third = await BeginAsync(worker, task.Id);

        Assert.DoesNotContain(third.Feedback, words => words.RequestId == request.Id);
        Assert.Equal(RequestStatus.Open, (await _fleet.AskPermissionAsync(third, "rm a")).Status);
    }

    [Fact]
    public async Task Files_go_on_without_a_conversation_that_is_not_of_the_same_moment()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.CheckpointAsync(order, 2, sessionId: "another conversation");
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        var next = await BeginAsync(worker, task.Id);

        Assert.Equal(2, next.Checkpoint!.N);
        Assert.Null(next.Session);
    }

    [Fact]
    public async Task A_session_that_is_heard_of_after_its_checkpoint_is_gone_on_with_all_the_same()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.OpenSessionAsync(order);
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        Assert.Equal(order.ExecutionId, (await BeginAsync(worker, task.Id)).Session!.ExecutionId);
    }

    [Fact]
    public async Task Rejected_work_goes_on_in_its_own_session()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker, PermissionLevel.Supervised);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.CompleteAsync(order);
        Assert.Equal(SessionStatus.Idle, Assert.Single(await _fleet.SessionsAsync(task.Id)).State);

        await _fleet.RejectAsync(task.Id);
        var next = await BeginAsync(worker, task.Id);

        Assert.Equal(order.ExecutionId, next.Checkpoint!.ExecutionId);
        Assert.Equal(order.ExecutionId, next.Session!.ExecutionId);
        Assert.Equal(1, Assert.Single(await _fleet.SessionsAsync(task.Id)).TasksServed);
    }

    [Fact]
    public async Task A_repeated_claim_goes_on_from_the_same_checkpoint()
    {
        var worker = await _fleet.RegisterAsync();
        var (_, order) = await WithSessionAsync(worker);
        await _fleet.CheckpointAsync(order, 1);
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        var claim = Guid.NewGuid();

        var first = (await _fleet.ClaimAsync(worker, claim))!;
        await _fleet.CheckpointAsync(order, 2);
        var second = (await _fleet.ClaimAsync(worker, claim))!;

        Assert.Equal((1, 1), (second.Checkpoint!.N, second.Session!.N));
        Assert.Equal(first.ExecutionId, second.ExecutionId);
    }

    [Fact]
    public async Task A_request_is_parked_and_escalated_in_time_once()
    {
        var worker = await _fleet.RegisterAsync();
        var (task, order) = await WithSessionAsync(worker);
        var request = await _fleet.AskAsync(order);
        await _fleet.TimeRequestsAsync();
        Assert.Null((await _fleet.RequestAsync(request.Id)).ParkAskedAt);

        _fleet.Time.Advance(TimeSpan.FromSeconds(301));
        await _fleet.TimeRequestsAsync();
        await _fleet.TimeRequestsAsync();
        Assert.Equal(1, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId and type = 'park'"));
        _fleet.Time.Advance(TimeSpan.FromSeconds(301));
        await _fleet.TimeRequestsAsync();
        Assert.Equal(2, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId and type = 'park'"));

        _fleet.Time.Advance(TimeSpan.FromSeconds(1500));
        await _fleet.TimeRequestsAsync();
        await _fleet.TimeRequestsAsync();
        Assert.Single(await _fleet.EventsAsync(task.Id), each => each.Type == EventTypes.RequestEscalated);
        Assert.NotNull((await _fleet.RequestAsync(request.Id)).EscalatedAt);
        Assert.Equal(RequestStatus.Open, (await _fleet.RequestAsync(request.Id)).State);
    }

    private async Task PassRetryDelayAsync()
    {
        _fleet.Time.Advance(TimeSpan.FromHours(1));
        await _fleet.PromoteAsync();
    }

    private async Task<(TaskView Task, WorkOrderView Order)> WithSessionAsync(Guid worker, PermissionLevel permission = PermissionLevel.Autonomous)
    {
        var task = await _fleet.FileAsync(permission: permission);
        var order = await BeginAsync(worker, task.Id);
        await _fleet.OpenSessionAsync(order);
        return (task, order);
    }
}
