using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;
using Xunit;

namespace AgentVine.Testing.Conformance;

public abstract partial class QueueConformance
{
    [Fact]
    public async Task A_subtask_has_its_parents_repository_runtime_and_limits_and_no_more_leave()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync(priority: TaskPriority.Low, permission: PermissionLevel.Supervised, maxAttempts: 5);
        var order = await BeginAsync(worker, parent.Id);

        var subtask = await _fleet.FileSubtaskAsync(order, Wish("part"));

        Assert.Equal((parent.Id, parent.RepositoryId, parent.Runtime, 5, parent.Timeout), (subtask.ParentId, subtask.RepositoryId, subtask.Runtime, subtask.MaxAttempts, subtask.Timeout));
        Assert.Equal((TaskPriority.Low, PermissionLevel.Supervised, AgentTaskStatus.Queued), (subtask.Priority, subtask.PermissionLevel, subtask.Status));
        Assert.Equal([subtask.Id], (await _fleet.TaskAsync(parent.Id)).Subtasks);
        var told = Assert.Single(await _fleet.EventsAsync(subtask.Id), happened => happened.Type == EventTypes.TaskCreated);
        Assert.Equal(parent.Id, told.Data!.Value.GetProperty("parent_id").GetGuid());
        foreach (var above in new[] { Wish("a") with { PermissionLevel = PermissionLevel.Autonomous }, Wish("b") with { Priority = TaskPriority.High } })
        {
            await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(order, above));
        }

        Assert.Equal(PermissionLevel.HumanRequired, (await _fleet.FileSubtaskAsync(order, Wish("c") with { PermissionLevel = PermissionLevel.HumanRequired })).PermissionLevel);
        await RefusedAsync(400, ErrorCodes.ValidationFailed, () => _fleet.FileSubtaskAsync(order, Wish("two\nlines")));
    }

    [Fact]
    public async Task The_same_subtask_asked_for_again_is_the_same_also_by_the_next_attempt_and_by_many_at_once()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync();
        var order = await BeginAsync(worker, parent.Id);

        var filed = await TogetherAsync(4, _ => _fleet.FileSubtaskAsync(order, Wish("part")));
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        await _fleet.CancelAsync(filed[0].Id);
        var again = await _fleet.FileSubtaskAsync(await BeginAsync(worker, parent.Id), Wish("part"));

        Assert.Equal(filed[0].Id, Assert.Single(filed.Append(again).Select(task => task.Id).Distinct()));
    }

    [Fact]
    public async Task An_attempt_files_twenty_tasks_at_most_however_many_it_asks_for_at_once()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync();
        var order = await BeginAsync(worker, parent.Id);

        var outcomes = await TogetherAsync(24, n => RecordAsync(() => _fleet.FileSubtaskAsync(order, Wish($"part {n}"))));

        Assert.Equal(4, outcomes.Count(outcome => outcome is ProblemException { Code: ErrorCodes.TasksSubtaskNotAllowed }));
        Assert.Equal(CreateSubtask.MostPerAttempt, (await _fleet.TaskAsync(parent.Id)).Subtasks.Count);
    }

    [Fact]
    public async Task Subtasks_are_three_deep_at_most()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        for (var depth = 0; depth < CreateSubtask.Deepest; depth++)
        {
            var order = await BeginAsync(worker, task.Id);
            task = await _fleet.FileSubtaskAsync(order, Wish($"below {depth}"));
            await _fleet.CompleteAsync(order);
        }

        var deepest = await BeginAsync(worker, task.Id);
        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(deepest, Wish("too deep")));
    }

    [Fact]
    public async Task A_subtask_waits_for_its_parent_or_its_siblings_and_for_nobody_else()
    {
        var worker = await _fleet.RegisterAsync();
        var other = await _fleet.FileAsync("other");
        await _fleet.CompleteAsync(await BeginAsync(worker, other.Id));
        var parent = await _fleet.FileAsync("parent");
        var order = await BeginAsync(worker, parent.Id);

        var after = await _fleet.FileSubtaskAsync(order, Wish("after"), afterParent: true);
        var last = await _fleet.FileSubtaskAsync(order, Wish("last") with { DependsOn = [after.Id] });
        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(order, Wish("foreign") with { DependsOn = [other.Id] }));
        Assert.Equal((AgentTaskStatus.Blocked, AgentTaskStatus.Blocked), (after.Status, last.Status));

        await _fleet.CompleteAsync(order);
        await _fleet.CompleteAsync(await BeginAsync(worker, after.Id));
        await BeginAsync(worker, last.Id);
    }

    [Fact]
    public async Task A_subtasks_budget_comes_out_of_what_its_parent_has_left()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync(new CreateTaskRequest { Title = "parent", BudgetUsd = 4, RepositoryUrl = QueueFleet.Repository });
        var order = await BeginAsync(worker, parent.Id);

        var half = await _fleet.FileSubtaskAsync(order, Wish("half"));
        var one = await _fleet.FileSubtaskAsync(order, Wish("one") with { BudgetUsd = 1 });
        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(order, Wish("more") with { BudgetUsd = 1.01m }));

        Assert.Equal((2m, 1m, 1m), (half.BudgetUsd, one.BudgetUsd, (await _fleet.TaskAsync(parent.Id)).BudgetUsd));
        await _fleet.FailAsync(order, FailureKind.Transient, result: new TaskResult { CostUsd = 0.995m });
        await LetRetryAsync();
        var again = await BeginAsync(worker, parent.Id);
        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(again, Wish("nothing left")));
    }

    [Fact]
    public async Task An_attempt_that_is_over_files_nothing()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync();
        var order = await BeginAsync(worker, parent.Id);
        await _fleet.FailAsync(order, FailureKind.Interrupted);

        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(order, Wish("late")));
    }

    [Fact]
    public async Task The_agent_of_a_cancelled_task_files_nothing_though_it_still_runs()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync();
        var order = await BeginAsync(worker, parent.Id);
        await _fleet.AskAsync(order);
        await _fleet.FileSubtaskAsync(order, Wish("while it waits"));
        await _fleet.CancelAsync(parent.Id);

        await RefusedAsync(ErrorCodes.TasksSubtaskNotAllowed, () => _fleet.FileSubtaskAsync(order, Wish("late")));

        Assert.Single((await _fleet.TaskAsync(parent.Id)).Subtasks);
    }

    [Fact]
    public async Task A_subtasks_wish_that_no_task_may_have_is_refused_and_costs_its_parent_nothing()
    {
        var worker = await _fleet.RegisterAsync();
        var parent = await _fleet.FileAsync(new CreateTaskRequest { Title = "parent", BudgetUsd = 4, RepositoryUrl = QueueFleet.Repository });
        var order = await BeginAsync(worker, parent.Id);

        await RefusedAsync(400, ErrorCodes.ValidationFailed, () => _fleet.FileSubtaskAsync(order, Wish("rich") with { BudgetUsd = 1e25m }));
        await RefusedAsync(
            ErrorCodes.TasksSubtaskNotAllowed,
            () => _fleet.FileSubtaskAsync(order, Wish("late") with { DependsOn = [.. Enumerable.Range(0, 101).Select(_ => Guid.NewGuid())] }));

        Assert.Equal(4, (await _fleet.TaskAsync(parent.Id)).BudgetUsd);
    }

    [Fact]
    public async Task An_agent_writes_a_hundred_messages_at_most_and_the_same_twice_in_a_row_once()
    {
        var worker = await _fleet.RegisterAsync();
        var task = await _fleet.FileAsync();
        var order = await BeginAsync(worker, task.Id);

        var first = await TogetherAsync(4, _ => _fleet.WriteAsync(order, "Look."));
        Assert.Single(first.Select(message => message.Id).Distinct());
        await _fleet.PostAsync(task.Id);
        Assert.NotEqual(first[0].Id, (await _fleet.WriteAsync(order, "Look.")).Id);
        for (var n = 2; n < 100; n++)
        {
            await _fleet.WriteAsync(order, $"message {n}");
        }

        await RefusedAsync(ErrorCodes.MessagesTooMany, () => _fleet.WriteAsync(order, "one more"));
        Assert.Equal(100, await OneAsync<int>("select count(*) from messages where organization_id = @OrganizationId and author = 'agent'"));
        Assert.Equal(101, (await _fleet.EventsAsync(task.Id)).Count(happened => happened.Type == EventTypes.MessagePosted));
        await _fleet.FailAsync(order, FailureKind.Interrupted);
        Assert.Equal(MessageRow.Agent, (await _fleet.WriteAsync(await BeginAsync(worker, task.Id), "one more")).Author);
    }

    private static CreateTaskRequest Wish(string title) => new() { Title = title, Description = "as agents say it" };
}
