using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_case_file_says_why_what_was_tried_what_was_kept_and_what_to_try()
    {
        var worker = await _fleet.RegisterAsync("night-shift");
        var task = await _fleet.FileAsync(maxAttempts: 2);
        await _fleet.FailAsync(await BeginAsync(worker, task.Id), FailureKind.Transient, cause: FailureCause.Killed);
        await LetRetryAsync();
        var last = await BeginAsync(worker, task.Id);
        await SayAsync(last, 60);
        await _fleet.OpenSessionAsync(last);
        await _fleet.CheckpointAsync(last, 3);
        await _fleet.FailAsync(last, FailureKind.TimedOut, result: new TaskResult { CostUsd = 1.25m }, cause: FailureCause.TimedOut);

        var file = await _fleet.CaseFileAsync(task.Id);

        Assert.Equal((task.Id, FailureCause.TimedOut, "failed"), (file.Entry.Id, file.Entry.Cause, file.Entry.Message));
        Assert.Contains("time", file.Entry.Words, StringComparison.Ordinal);
        Assert.Equal(file.Entry.Since.AddDays(7), file.Entry.KeepUntil);
        Assert.Equal([1, 2], file.Attempts.Select(attempt => attempt.Number));
        Assert.Equal((ExecutionStatus.Failed, FailureCause.Killed), (file.Attempts[0].Status, file.Attempts[0].Error!.Cause));
        Assert.Equal(("night-shift", ExecutionStatus.TimedOut, 3, 1.25m), (file.Attempts[1].WorkerName, file.Attempts[1].Status, file.Attempts[1].Checkpoint, file.Attempts[1].CostUsd));
        Assert.Equal((last.ExecutionId, 20, 40), (file.LastOutput!.ExecutionId, file.LastOutput.Earlier, file.LastOutput.Lines.Count));
        Assert.Equal("line 60", file.LastOutput.Lines[^1].Text);
        Assert.All(file.LastOutput.Lines, line => Assert.Null(line.Raw));
        Assert.Equal(3, file.Salvaged.Checkpoint!.N);
        Assert.Contains(file.Salvaged.HowToFetch, how => how.Command == $"vine task restore {task.Id:D} --attempt 2 --checkpoint 3");
        Assert.Equal($"vine task edit {task.Id:D} --timeout 2h", file.ToTry[0].Command);
        Assert.Equal($"vine dead requeue {task.Id:D} --session same", file.ToTry[1].Command);
    }

    [Fact]
    public async Task A_case_files_output_is_bounded()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        await SayAsync(order, 5, new string('x', 10_000));
        await _fleet.FailAsync(order, FailureKind.Permanent);

        var output = (await _fleet.CaseFileAsync(task.Id)).LastOutput!;

        Assert.Equal((2, 3), (output.Lines.Count, output.Earlier));
        Assert.InRange(output.Lines.Sum(line => line.Text!.Length), 16_000, 16_001);
        Assert.StartsWith("…", output.Lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_requeued_with_the_same_session_goes_on_from_its_checkpoint_and_conversation()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await DeadAsync(worker, FailureKind.Budget, FailureCause.BudgetSpent, checkpoint: 2);

        var requeued = await _fleet.RequeueAsync(task, RequeueSession.Same);
        var order = await BeginAsync(worker, task);

        Assert.Contains("to go on from checkpoint 2 of attempt 1", requeued.StatusReason, StringComparison.Ordinal);
        Assert.Equal((2, 2), (order.Checkpoint!.N, order.Session!.N));
    }

    [Fact]
    public async Task A_task_requeued_with_a_fresh_session_begins_anew()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await DeadAsync(worker, FailureKind.Budget, FailureCause.BudgetSpent, checkpoint: 2);

        var requeued = await _fleet.RequeueAsync(task, RequeueSession.Fresh);
        var order = await BeginAsync(worker, task);

        Assert.Contains("to begin anew", requeued.StatusReason, StringComparison.Ordinal);
        Assert.Null(order.Checkpoint);
        Assert.Null(order.Session);
    }

    [Theory]
    [InlineData(FailureKind.Permanent, FailureCause.PromptTooLong, false)]
    [InlineData(FailureKind.Permanent, FailureCause.Refusal, false)]
    [InlineData(FailureKind.Permanent, null, false)]
    [InlineData(FailureKind.Permanent, FailureCause.KeyRefused, true)]
    [InlineData(FailureKind.Permanent, FailureCause.NoCredit, true)]
    [InlineData(FailureKind.Budget, FailureCause.BudgetSpent, true)]
    public async Task A_requeue_that_names_no_session_takes_what_fits_the_failure(FailureKind kind, FailureCause? cause, bool goesOn)
    {
        var worker = await _fleet.RegisterAsync();
        var task = await DeadAsync(worker, kind, cause, checkpoint: 1);

        await (goesOn ? _fleet.RequeueAsync(task) : _fleet.RetryAsync(task));

        Assert.Equal(goesOn, (await BeginAsync(worker, task)).Checkpoint is not null);
    }

    [Fact]
    public async Task Many_are_requeued_by_cause_and_what_cannot_be_is_told_and_keeps_no_other_back()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await DeadAsync(worker, FailureKind.Permanent, FailureCause.NoCredit);
        var second = await DeadAsync(worker, FailureKind.Permanent, FailureCause.NoCredit);
        var other = await DeadAsync(worker, FailureKind.Permanent, FailureCause.Refusal);

        var byCause = await _fleet.RequeueManyAsync(new RequeueManyRequest { All = true, Cause = FailureCause.NoCredit });
        var byId = await _fleet.RequeueManyAsync(new RequeueManyRequest { Ids = [first, other, Guid.Empty] });

        Assert.Equal([first, second], byCause.Requeued);
        Assert.Equal((2, 0), (byCause.Count, byCause.Refused.Count));
        Assert.Equal([other], byId.Requeued);
        Assert.Equal(
            [(first, ErrorCodes.TasksTransition), (Guid.Empty, ErrorCodes.TasksNotFound)], byId.Refused.Select(refusal => (refusal.Id, refusal.Code)));
        Assert.Contains("is queued", byId.Refused[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_requeue_of_many_says_which_in_one_way()
    {
        foreach (var request in new RequeueManyRequest[] { new(), new() { All = false }, new() { All = true, Ids = [Guid.NewGuid()] }, new() { Ids = [Guid.NewGuid()], Cause = FailureCause.Git } })
        {
            await RefusedAsync(400, ErrorCodes.ValidationFailed, () => _fleet.RequeueManyAsync(request));
        }
    }

    [Fact]
    public async Task What_is_dropped_from_the_dead_letter_leaves_an_event_and_can_still_be_retried()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await DeadAsync(worker, FailureKind.Permanent, FailureCause.NoCredit, checkpoint: 1);
        _time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromSeconds(1));
        await _fleet.DropDeadAsync();
        Assert.Single(await _fleet.OrdersAsync(task));

        _time.Advance(TimeSpan.FromSeconds(1));
        await _fleet.DropDeadAsync();
        await _fleet.DropDeadAsync();

        Assert.Empty(await _fleet.OrdersAsync(task));
        Assert.Equal(AgentTaskStatus.Failed, await StatusAsync(task));
        var dropped = Assert.Single(await _fleet.EventsAsync(task), happened => happened.Type == EventTypes.DeadLetterExpired);
        Assert.Equal("no_credit", dropped.Data!.Value.GetProperty("cause").GetString());
        await RefusedAsync(404, ErrorCodes.QueueDeadLetterNotFound, () => _fleet.CaseFileAsync(task));
        await RefusedAsync(404, ErrorCodes.QueueDeadLetterNotFound, () => _fleet.RequeueAsync(task));

        await _fleet.RetryAsync(task);

        Assert.NotNull((await BeginAsync(worker, task)).Checkpoint);
    }

    [Fact]
    public async Task A_requeue_and_the_keeper_that_meet_leave_one_ready_order_or_none()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < 10; round++)
        {
            var task = await DeadAsync(worker, FailureKind.Permanent, null);
            _time.Advance(TimeSpan.FromDays(8));

            await TogetherAsync<object?>(2, async n =>
            {
                if (n == 0)
                {
                    await _fleet.DropDeadAsync();
                    return null;
                }

                return await _fleet.RetryAsync(task);
            });

            Assert.Equal("ready", Assert.Single(await _fleet.OrdersAsync(task)).State);
            await _fleet.CompleteAsync(await BeginAsync(worker, task));
        }
    }

    private async Task<Guid> DeadAsync(Guid worker, FailureKind kind, FailureCause? cause, int? checkpoint = null)
    {
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);
        if (checkpoint is { } n)
        {
            await _fleet.OpenSessionAsync(order);
            await _fleet.CheckpointAsync(order, n);
        }

        await _fleet.FailAsync(order, kind, cause: cause);
        Assert.Equal(WorkOrderState.Dead, Assert.Single(await _fleet.OrdersAsync(task.Id)).OrderState);
        return task.Id;
    }

    private async Task LetRetryAsync()
    {
        _time.Advance(TimeSpan.FromHours(1));
        await _fleet.PromoteAsync();
    }

    private Task SayAsync(WorkOrderView order, int lines, string? text = null) => _fleet.Store.WriteAsync(
        Organizations.Default,
        unit => ExecutionOutput.AppendAsync(
            unit,
            order.ExecutionId,
            [.. Enumerable.Range(1, lines).Select(n => new OutputLine { N = n, At = _time.GetUtcNow(), Kind = OutputKind.Text, Text = text ?? $"line {n}", Raw = "{}" })]),
        default);
}
