using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentVine.Engine.Tasks;

/// <summary>Changes a task: <c>PATCH /api/v1/tasks/{id}</c>. All of it or nothing.</summary>
internal sealed class UpdateTask(IStore store, TaskDependencies dependencies, WorkQueue queue, CancelTask cancel, TaskRequeue requeue)
{
    public static async Task<Ok<TaskView>> Handle(
        Guid id, Body<UpdateTaskRequest> body, Caller caller, UpdateTask update, CancellationToken cancellationToken)
    {
        Check(body.Value);
        return TypedResults.Ok(await update.RunAsync(id, body.Value, caller.Name, cancellationToken));
    }

    private static void Check(UpdateTaskRequest request)
    {
        var faults = new Faults();
        if (request.Title is not null && string.IsNullOrWhiteSpace(request.Title))
        {
            faults.Add("title", "must not be blank");
        }

        if (request.DependsOn is { } dependsOn && dependsOn.Distinct().Count() != dependsOn.Count)
        {
            faults.Add("depends_on", "names a task twice");
        }

        faults.ThrowIfAny();
    }

    private Task<TaskView> RunAsync(Guid id, UpdateTaskRequest request, string actor, CancellationToken cancellationToken) =>
        store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                if (request.DependsOn is not null)
                {
                    await TaskDependencies.LockGraphAsync(unit);
                }

                await WorkQueue.LockOfTaskAsync(unit, id);
                await TaskDependencies.LockAsync(unit, request.DependsOn ?? []);
                var task = await TaskRecords.LockAsync(unit, id);
                await EditAsync(unit, task, request, actor, cancellationToken);
                await MoveAsync(unit, task, request.Status, actor, cancellationToken);
                return await TaskRecords.ShowAsync(unit, id);
            },
            cancellationToken);

    private async Task EditAsync(IUnitOfWork unit, TaskRow task, UpdateTaskRequest request, string actor, CancellationToken cancellationToken)
    {
        var changed = Apply(task, request);
        var dependsOn = request.DependsOn is { } wanted && !(await unit.QueryAsync<Guid>(TasksSql.Dependencies, new { task.Id })).SequenceEqual(wanted)
            ? wanted
            : null;
        if (dependsOn is not null)
        {
            changed.Add("depends_on");
        }

        if (changed.Count == 0)
        {
            return;
        }

        if (task.State is AgentTaskStatus.Completed or AgentTaskStatus.Cancelled && changed.Any(name => name != "metadata"))
        {
            throw NotEditable(task, $"{string.Join(", ", changed)} cannot be changed any more: file a new task");
        }

        task.UpdatedAt = unit.Now;
        await unit.ExecuteAsync(TasksSql.Edit, task);
        unit.Append(new EventDraft(EventTypes.TaskUpdated, TaskId: task.Id, ExecutionId: task.ExecutionId, Data: new { changed, actor }));
        if (changed.Contains("priority"))
        {
            await queue.MoveAsync(unit, task);
        }

        if (dependsOn is not null)
        {
            await dependencies.ReplaceAsync(unit, task, dependsOn, actor, cancellationToken);
        }
    }

    private async Task MoveAsync(IUnitOfWork unit, TaskRow task, AgentTaskStatus? status, string actor, CancellationToken cancellationToken)
    {
        switch (status)
        {
            case null:
                break;
            case AgentTaskStatus.Cancelled:
                await cancel.InUnitAsync(unit, task.Id, reason: null, actor, cancellationToken);
                break;
            case AgentTaskStatus.Queued when task.State == AgentTaskStatus.Failed:
                await requeue.RunAsync(unit, task.Id, session: null, fromDeadLetter: false, actor, cancellationToken);
                break;
            default:
                throw new ProblemException(
                    409,
                    ErrorCodes.TasksTransition,
                    $"Task {task.Id} is {task.Status} and is not made {VineJson.Name(status.Value)} by setting its status: that takes a task to cancelled, or from failed to queued. "
                    + "A review is decided with POST …/accept or …/reject.");
        }
    }

    // The names of what differs now.
    private static List<string> Apply(TaskRow task, UpdateTaskRequest request)
    {
        var changed = new List<string>();
        void Set<T>(string name, T? wanted, T? now, Action apply)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, now))
            {
                changed.Add(name);
                apply();
            }
        }

        var title = request.Title?.Trim() ?? task.Title;
        Set("title", title, task.Title, () => task.Title = title);
        var description = request.Description is null ? task.Description : Something(request.Description);
        Set("description", description, task.Description, () => task.Description = description);
        var priority = request.Priority ?? task.Class;
        Set("priority", priority, task.Class, () => (task.Priority, task.QueueRank) = (VineJson.Name(priority), QueueRank.Of(priority, task.CreatedAt)));
        var timeout = request.Timeout ?? task.Timeout;
        Set("timeout", timeout, task.Timeout, () => task.Timeout = timeout);
        var attempts = request.MaxAttempts ?? task.MaxAttempts;
        Set("max_attempts", attempts, task.MaxAttempts, () => task.MaxAttempts = attempts);
        var budget = request.BudgetUsd is { } dollars ? (dollars == 0 ? null : dollars.Micros()) : task.Budget;
        Set("budget_usd", budget, task.Budget, () => task.Budget = budget);
        var model = request.Model is null ? task.Model : Something(request.Model);
        Set("model", model, task.Model, () => task.Model = model);
        var metadata = request.Metadata is null ? task.Metadata : JsonColumn.Write(request.Metadata);
        Set("metadata", metadata, task.Metadata, () => task.Metadata = metadata);
        return changed;
    }

    private static string? Something(string text) => string.IsNullOrWhiteSpace(text) ? null : text;

    public static ProblemException NotEditable(TaskRow task, string why) => new(
        409, ErrorCodes.TasksNotEditable, $"Task {task.Id} is {task.Status}, and its {why}.");
}
