using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Testing.Conformance;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task An_edit_changes_what_it_has_and_leaves_the_rest()
    {
        var task = await _fleet.FileAsync(new CreateTaskRequest { Title = "old", Description = "wish", Model = "small", RepositoryUrl = QueueFleet.Repository });

        var edited = await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest
        {
            Title = " new ",
            Description = "",
            Timeout = 60,
            MaxAttempts = 7,
            Metadata = JsonSerializer.SerializeToElement(new { team = "night" }),
        });

        Assert.Equal(("new", null, "small", 60, 7), (edited.Title, edited.Description, edited.Model, edited.Timeout, edited.MaxAttempts));
        Assert.Equal("night", edited.Metadata!.Value.GetProperty("team").GetString());
        var told = Assert.Single(await _fleet.EventsAsync(task.Id), happened => happened.Type == EventTypes.TaskUpdated);
        Assert.Equal("title,description,timeout,max_attempts,metadata", string.Join(',', told.Data!.Value.GetProperty("changed").EnumerateArray()));
        await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Title = "new" });
        Assert.Single(await _fleet.EventsAsync(task.Id), happened => happened.Type == EventTypes.TaskUpdated);
    }

    [Fact]
    public async Task A_changed_priority_moves_the_waiting_order()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync("first");
        var second = await _fleet.FileAsync("second");

        await _fleet.UpdateAsync(second.Id, new UpdateTaskRequest { Priority = TaskPriority.High });

        Assert.Equal(QueueNames.HighPriority, Assert.Single(await _fleet.OrdersAsync(second.Id)).Queue);
        Assert.Equal(second.Id, (await _fleet.ClaimAsync(worker))!.Task.Id);
        Assert.Equal(first.Id, (await _fleet.ClaimAsync(worker))!.Task.Id);
    }

    [Fact]
    public async Task A_changed_priority_takes_and_gives_places_of_a_full_repository()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync("first");
        await _fleet.LimitAsync(first.RepositoryId, 1);
        var second = await _fleet.FileAsync("second");
        Assert.Equal("held", Assert.Single(await _fleet.OrdersAsync(second.Id)).State);

        await _fleet.UpdateAsync(second.Id, new UpdateTaskRequest { Priority = TaskPriority.High });
        Assert.Equal(("held", "ready"), (Assert.Single(await _fleet.OrdersAsync(first.Id)).State, Assert.Single(await _fleet.OrdersAsync(second.Id)).State));

        await _fleet.UpdateAsync(second.Id, new UpdateTaskRequest { Priority = TaskPriority.Low });
        Assert.Equal(("ready", "held"), (Assert.Single(await _fleet.OrdersAsync(first.Id)).State, Assert.Single(await _fleet.OrdersAsync(second.Id)).State));
        await _fleet.CompleteAsync(await BeginAsync(worker, first.Id));
        await _fleet.CompleteAsync(await BeginAsync(worker, second.Id));
    }

    [Fact]
    public async Task A_changed_priority_wakes_a_claim_that_waits_for_that_queue()
    {
        var worker = await _fleet.RegisterAsync();
        var first = await _fleet.FileAsync("first");
        await _fleet.LimitAsync(first.RepositoryId, 1);
        var order = await BeginAsync(worker, first.Id);
        var task = await _fleet.FileAsync("second");
        var claim = _fleet.ClaimAsync(worker, wait: Patience);

        await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Priority = TaskPriority.High });
        await _fleet.CompleteAsync(order);

        Assert.Equal(task.Id, (await claim)!.Task.Id);
    }

    [Fact]
    public async Task An_edit_of_a_running_task_is_for_the_next_attempt()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);

        await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Priority = TaskPriority.High, Timeout = 5 });
        Assert.Equal(QueueNames.Default, Assert.Single(await _fleet.OrdersAsync(task.Id)).Queue);
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        Assert.Equal((QueueNames.HighPriority, 5), (Assert.Single(await _fleet.OrdersAsync(task.Id)).Queue, (await BeginAsync(worker, task.Id)).Task.Timeout));
    }

    [Fact]
    public async Task A_status_goes_through_the_table_and_takes_only_what_a_person_may_say()
    {
        var worker = await _fleet.RegisterAsync();
        var dead = await DeadAsync(worker, FailureKind.Permanent, FailureCause.NoCredit);
        var task = await _fleet.FileAsync();
        foreach (var status in Enum.GetValues<AgentTaskStatus>().Except([AgentTaskStatus.Cancelled]))
        {
            await RefusedAsync(ErrorCodes.TasksTransition, () => _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Title = "changed", Status = status }));
        }

        Assert.Equal("task", (await _fleet.TaskAsync(task.Id)).Title);
        Assert.Equal(AgentTaskStatus.Queued, (await _fleet.UpdateAsync(dead, new UpdateTaskRequest { Timeout = 9, Status = AgentTaskStatus.Queued })).Status);
        Assert.Equal(AgentTaskStatus.Cancelled, (await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Status = AgentTaskStatus.Cancelled })).Status);
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
    }

    [Fact]
    public async Task Of_a_task_that_is_over_the_metadata_alone_is_changed()
    {
        var task = await _fleet.FileAsync();
        await _fleet.CancelAsync(task.Id);

        await RefusedAsync(ErrorCodes.TasksNotEditable, () => _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Title = "other" }));
        await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Metadata = JsonSerializer.SerializeToElement(new { a = 1 }) });

        Assert.NotNull((await _fleet.TaskAsync(task.Id)).Metadata);
    }

    [Fact]
    public async Task Changed_dependencies_block_and_release()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync("task");
        var first = await _fleet.FileAsync("first");

        var blocked = await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { DependsOn = [first.Id] });
        Assert.Equal((AgentTaskStatus.Blocked, first.Id), (blocked.Status, Assert.Single(blocked.DependsOn)));
        Assert.Empty(await _fleet.OrdersAsync(task.Id));
        Assert.Contains("waits for \"first\"", blocked.StatusReason, StringComparison.Ordinal);

        var released = await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { DependsOn = [] });
        Assert.Equal((AgentTaskStatus.Queued, null), (released.Status, released.StatusReason));

        await _fleet.CompleteAsync(await BeginAsync(worker, task.Id));
        await RefusedAsync(ErrorCodes.TasksNotEditable, () => _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { DependsOn = [first.Id] }));
        var order = await BeginAsync(worker, first.Id);
        await RefusedAsync(ErrorCodes.TasksNotEditable, () => _fleet.UpdateAsync(first.Id, new UpdateTaskRequest { DependsOn = [task.Id] }));
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        await RefusedAsync(ErrorCodes.TasksNotEditable, () => _fleet.UpdateAsync(first.Id, new UpdateTaskRequest { DependsOn = [task.Id] }));
    }

    [Fact]
    public async Task Tasks_that_would_wait_for_each_other_are_refused_with_the_cycle_in_words()
    {
        var a = await _fleet.FileAsync("A");
        var b = await _fleet.FileAsync("B", dependsOn: [a.Id]);
        var c = await _fleet.FileAsync("C", dependsOn: [b.Id]);

        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _fleet.UpdateAsync(a.Id, new UpdateTaskRequest { DependsOn = [c.Id] }));

        Assert.Equal((409, ErrorCodes.TasksDependencyCycle), (refusal.Status, refusal.Code));
        Assert.Contains($"\"A\" ({a.Id}) waits for \"C\" ({c.Id}) waits for \"B\" ({b.Id}) waits for \"A\" ({a.Id})", refusal.Message, StringComparison.Ordinal);
        await RefusedAsync(ErrorCodes.TasksDependencyCycle, () => _fleet.UpdateAsync(a.Id, new UpdateTaskRequest { DependsOn = [a.Id] }));
        Assert.Equal(AgentTaskStatus.Queued, await StatusAsync(a.Id));
    }

    [Fact]
    public async Task Two_edits_at_once_make_no_cycle()
    {
        for (var round = 0; round < Rounds; round++)
        {
            // A and C would close the ring through B and D, which neither edit touches on both sides: no row but the organization's is theirs in common.
            var tasks = new[] { await _fleet.FileAsync("A"), await _fleet.FileAsync("C") };
            var between = new[] { await _fleet.FileAsync("B", dependsOn: [tasks[1].Id]), await _fleet.FileAsync("D", dependsOn: [tasks[0].Id]) };

            var outcomes = await TogetherAsync(2, n => RecordAsync(() => _fleet.UpdateAsync(tasks[n].Id, new UpdateTaskRequest { DependsOn = [between[n].Id] })));

            Assert.Equal(ErrorCodes.TasksDependencyCycle, Assert.IsType<ProblemException>(Assert.Single(outcomes, outcome => outcome is not null)).Code);
        }
    }

    [Fact]
    public async Task A_dependency_that_completes_while_it_is_added_blocks_nothing_for_ever()
    {
        var worker = await _fleet.RegisterAsync();
        for (var round = 0; round < Rounds; round++)
        {
            var first = await _fleet.FileAsync("first");
            var order = await BeginAsync(worker, first.Id);
            var task = await _fleet.FileAsync("task");

            await TogetherAsync<object>(2, async n => n == 0
                ? await _fleet.CompleteAsync(order)
                : await _fleet.UpdateAsync(task.Id, new UpdateTaskRequest { DependsOn = [first.Id] }));

            await _fleet.CompleteAsync(await BeginAsync(worker, task.Id));
        }
    }
}
