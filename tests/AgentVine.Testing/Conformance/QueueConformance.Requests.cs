using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Requests, reviews and cancellation.</summary>
public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_task_waits_while_any_of_its_requests_is_open()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        var (first, second) = (await _fleet.AskAsync(order), await _fleet.AskAsync(order));
        Assert.Equal(AgentTaskStatus.Waiting, await StatusAsync(task.Id));

        await _fleet.AnswerAsync(first.Id);
        Assert.Equal(AgentTaskStatus.Waiting, await StatusAsync(task.Id));
        await _fleet.WithdrawAsync(second.Id);
        Assert.Equal(AgentTaskStatus.InProgress, await StatusAsync(task.Id));
    }

    [Fact]
    public async Task A_task_goes_on_though_its_requests_are_answered_at_one_moment()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        for (var round = 0; round < 10; round++)
        {
            var requests = new[] { await _fleet.AskAsync(order), await _fleet.AskAsync(order) };

            await TogetherAsync(2, n => _fleet.AnswerAsync(requests[n].Id));

            Assert.Equal(AgentTaskStatus.InProgress, await StatusAsync(task.Id));
        }
    }

    [Fact]
    public async Task A_request_is_answered_once()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        for (var round = 0; round < 10; round++)
        {
            var request = await _fleet.AskAsync(order);

            var outcomes = await TogetherAsync(3, _ => RecordAsync(() => _fleet.AnswerAsync(request.Id)));

            Assert.Single(outcomes, outcome => outcome is null);
            Assert.Equal(round + 1, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId"));
        }
    }

    [Fact]
    public async Task Requests_are_cancelled_with_their_attempt()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        var request = await _fleet.AskAsync(order);

        await _fleet.FailAsync(order, FailureKind.Interrupted);

        Assert.Equal(RequestStatus.Cancelled, (await _fleet.RequestAsync(request.Id)).State);
        await RefusedAsync(ErrorCodes.RequestsNotOpen, () => _fleet.AnswerAsync(request.Id));
        await RefusedAsync(ErrorCodes.QueueLeaseLost, () => _fleet.AskAsync(order));
    }

    [Fact]
    public async Task An_attempt_ends_though_its_request_is_answered_at_that_moment()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < 10; round++)
        {
            var task = await _fleet.FileAsync();
            var order = await BeginAsync(worker, task.Id);
            var request = await _fleet.AskAsync(order);

            await TogetherAsync<object?>(2, async n => n == 0
                ? await _fleet.CompleteAsync(order)
                : await RecordAsync(() => _fleet.AnswerAsync(request.Id)));

            Assert.Equal(AgentTaskStatus.Completed, await StatusAsync(task.Id));
            Assert.NotEqual(RequestStatus.Open, (await _fleet.RequestAsync(request.Id)).State);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Answering_a_review_and_accepting_are_one_act(bool byAnswer)
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(permission: PermissionLevel.Supervised);
        await _fleet.CompleteAsync(await BeginAsync(worker, task.Id));
        Assert.Equal(AgentTaskStatus.InReview, await StatusAsync(task.Id));
        var review = await OneAsync<Guid>("select id from requests where organization_id = @OrganizationId and status = 'open'");

        Task act = byAnswer ? _fleet.AnswerAsync(review, new RequestAnswer { Decision = AnswerDecision.Approve }) : _fleet.AcceptAsync(task.Id);
        await act;

        Assert.Equal(AgentTaskStatus.Completed, await StatusAsync(task.Id));
        Assert.Equal(RequestStatus.Answered, (await _fleet.RequestAsync(review)).State);
        await RefusedAsync(ErrorCodes.TasksTransition, () => _fleet.AcceptAsync(task.Id));
        await RefusedAsync(ErrorCodes.RequestsNotOpen, () => _fleet.AnswerAsync(review, new RequestAnswer { Decision = AnswerDecision.Approve }));
    }

    [Fact]
    public async Task A_rejected_task_goes_on_with_what_its_reviewer_said()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync(permission: PermissionLevel.HumanRequired);
        await _fleet.CompleteAsync(await BeginAsync(worker, task.Id));

        await _fleet.RejectAsync(task.Id);

        Assert.Equal("not yet", Assert.Single((await BeginAsync(worker, task.Id)).Feedback).Content);
    }

    [Fact]
    public async Task A_message_reaches_the_attempt_that_runs_or_the_next()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        await _fleet.PostAsync(task.Id);
        var order = await BeginAsync(worker, task.Id);
        Assert.Equal("hello", Assert.Single(order.Feedback).Content);

        await TogetherAsync(3, _ => _fleet.PostAsync(task.Id));

        var commands = await _fleet.QueryAsync<long>("select n from worker_commands where organization_id = @OrganizationId order by n");
        Assert.Equal([1L, 2L, 3L], commands);
    }

    [Fact]
    public async Task A_queued_task_is_cancelled_with_its_order()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();

        await _fleet.CancelAsync(task.Id);

        Assert.Empty(await _fleet.OrdersAsync(task.Id));
        Assert.Null(await _fleet.ClaimAsync(worker));
    }

    [Fact]
    public async Task A_task_is_claimed_or_cancelled_when_both_come_at_once()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var task = await _fleet.FileAsync();

            var claim = (await TogetherAsync<object?>(2, async n => n == 0 ? await _fleet.ClaimAsync(worker) : await _fleet.CancelAsync(task.Id)))[0];

            Assert.Equal(AgentTaskStatus.Cancelled, await StatusAsync(task.Id));
            Assert.Equal(claim is null ? 0 : 1, (await _fleet.OrdersAsync(task.Id)).Count);
            Assert.Equal(claim is null ? 0 : 1, await OneAsync<int>("select count(*) from worker_commands where organization_id = @OrganizationId"));
            await WriteAsync("delete from worker_commands where organization_id = @OrganizationId");
            await (claim is Contracts.Queue.WorkOrderView order ? _fleet.FailAsync(order, FailureKind.Cancelled) : Task.CompletedTask);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_tasks_attempt_runs_until_its_end_is_told(bool asks)
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        var request = asks ? await _fleet.AskAsync(order) : null;

        await _fleet.CancelAsync(task.Id);

        Assert.Equal(ExecutionStatus.Running, await ExecutionAsync(order));
        Assert.Equal(["cancel"], await _fleet.QueryAsync<string>("select type from worker_commands where organization_id = @OrganizationId"));
        if (request is not null)
        {
            Assert.Equal(RequestStatus.Cancelled, (await _fleet.RequestAsync(request.Id)).State);
        }

        await RefusedAsync(ErrorCodes.ExecutionsEnded, () => _fleet.AskAsync(order));
        var end = await _fleet.FailAsync(order, FailureKind.Cancelled);
        Assert.Equal(AgentTaskStatus.Cancelled, end.TaskStatus);
        Assert.Equal(ExecutionStatus.Cancelled, await ExecutionAsync(order));
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
    }

    [Fact]
    public async Task A_cancelled_task_stays_so_though_its_attempt_completes()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await _fleet.CancelAsync(task.Id);

        var end = await _fleet.CompleteAsync(order);

        Assert.Equal((AgentTaskStatus.Cancelled, AgentTaskStatus.Cancelled), (end.TaskStatus, await StatusAsync(task.Id)));
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
    }

    [Fact]
    public async Task A_task_is_cancelled_in_review_in_the_dead_letter_and_while_blocked()
    {
        var worker = await _fleet.RegisterAsync();
        var reviewed = await _fleet.FileAsync(permission: PermissionLevel.Supervised);
        await _fleet.CompleteAsync(await BeginAsync(worker, reviewed.Id));
        var dead = await _fleet.FileAsync();
        await _fleet.FailAsync(await BeginAsync(worker, dead.Id), FailureKind.Permanent);
        var blocked = await _fleet.FileAsync(dependsOn: [dead.Id]);

        foreach (var task in new[] { reviewed, blocked, dead })
        {
            Assert.Equal(AgentTaskStatus.Cancelled, (await _fleet.CancelAsync(task.Id)).Status);
            Assert.Empty(await _fleet.OrdersAsync(task.Id));
        }

        Assert.Equal(0, await OneAsync<int>("select count(*) from requests where organization_id = @OrganizationId and status = 'open'"));
    }
}
