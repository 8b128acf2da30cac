using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Git.Names;

namespace AgentVine.Engine.Tasks;

/// <summary>Files a task: <c>POST /api/v1/tasks</c>. The task and its place in the queue are stored together or not at all.</summary>
internal sealed class CreateTask(IdempotentWrite write, WorkQueue queue, TasksOptions options)
{
    public static Task<CreatedReply<TaskView>> Handle(
        Body<CreateTaskRequest> body, HttpContext context, Caller caller, CreateTask create, CancellationToken cancellationToken) =>
        create.RunAsync(context, body.Value, caller, cancellationToken);

    private Task<CreatedReply<TaskView>> RunAsync(HttpContext context, CreateTaskRequest request, Caller caller, CancellationToken cancellationToken)
    {
        var repositoryUrl = Check(request, caller);
        return write.CreateAsync(
            context,
            request,
            async unit =>
            {
                var repository = await RepositoryRecords.FindOrCreateAsync(unit, repositoryUrl, maxConcurrent: null);
                var view = await FileAsync(unit, request, repository, parent: null, cancellationToken);
                return new NewResource<TaskView>($"/api/v1/tasks/{view.Id}", view);
            },
            cancellationToken);
    }

    // The rules that go beyond the shape of the body.
    private string Check(CreateTaskRequest request, Caller caller)
    {
        var faults = new Faults();
        var url = RepositoryRules.Check(faults, request.RepositoryUrl!, "repository_url");
        if (request.BranchName is not null && !BranchName.TryValidate(request.BranchName, out var branchProblem))
        {
            faults.Add("branch_name", branchProblem);
        }

        if (request.Runtime is not null && !RuntimeNames.All.Contains(request.Runtime))
        {
            faults.Add("runtime", $"must be one of: {string.Join(", ", RuntimeNames.All)}");
        }

        if (request.DependsOn is { } dependsOn && dependsOn.Distinct().Count() != dependsOn.Count)
        {
            faults.Add("depends_on", "names a task twice");
        }

        faults.ThrowIfAny();
        if ((request.Runtime ?? options.DefaultRuntime) == RuntimeNames.Command && caller == Caller.Anonymous)
        {
            throw new ProblemException(
                401,
                ErrorCodes.AuthKeyRequired,
                "A task of the runtime 'command' is filed with the key alone. Send 'Authorization: Bearer <key>' with the key of the data folder's run.key, or use vine task add.");
        }

        return url!;
    }

    /// <summary>Files a task that was checked; <paramref name="parent"/> is null unless an agent files it.</summary>
    public async Task<TaskView> FileAsync(
        IUnitOfWork unit, CreateTaskRequest request, RepositoryRow repository, TaskParent? parent, CancellationToken cancellationToken)
    {
        await TaskDependencies.LockAsync(unit, request.DependsOn ?? []);
        var priority = request.Priority ?? TaskPriority.Normal;
        var task = new TaskRow
        {
            Id = Guid.CreateVersion7(unit.Now.Time()),
            Title = request.Title!.Trim(),
            Description = request.Description,
            TaskType = VineJson.Name(request.TaskType ?? TaskType.Feature),
            Priority = VineJson.Name(priority),
            PermissionLevel = VineJson.Name(request.PermissionLevel ?? PermissionLevel.Autonomous),
            Status = VineJson.Name(AgentTaskStatus.Queued),
            MergeState = VineJson.Name(MergeState.None),
            RepositoryId = repository.Id,
            RepositoryUrl = repository.Url,
            BranchName = request.BranchName ?? repository.DefaultBranch,
            Context = JsonColumn.Write(request.Context),
            Payload = JsonColumn.Write(request.Payload),
            Metadata = JsonColumn.Write(request.Metadata),
            Timeout = request.Timeout ?? options.DefaultTimeout,
            Runtime = request.Runtime ?? options.DefaultRuntime,
            Model = request.Model,
            MaxAttempts = request.MaxAttempts ?? options.DefaultMaxAttempts,
            Budget = request.BudgetUsd?.Micros(),
            ParentId = parent?.Id,
            ParentExecution = parent?.ExecutionId,
            SubtaskKey = parent?.Key,
            QueueRank = QueueRank.Of(priority, unit.Now),
            CreatedAt = unit.Now,
            UpdatedAt = unit.Now,
        };
        await unit.ExecuteAsync(TasksSql.Insert, task);
        foreach (var (dependency, position) in (request.DependsOn ?? []).Select((id, position) => (id, position)))
        {
            await unit.ExecuteAsync(TasksSql.InsertDependency, new { TaskId = task.Id, DependsOnId = dependency, Position = position });
        }

        if (await DependencyRelease.BlockedByAsync(unit, task.Id) is { } blockedBy)
        {
            task.Status = VineJson.Name(AgentTaskStatus.Blocked);
            task.StatusReason = blockedBy;
            await TaskRecords.SaveAsync(unit, task);
        }

        unit.Append(new EventDraft(
            EventTypes.TaskCreated,
            TaskId: task.Id,
            Data: new
            {
                title = task.Title,
                task_type = task.TaskType,
                priority = task.Priority,
                status = task.Status,
                runtime = task.Runtime,
                repository_url = repository.Url,
                parent_id = parent?.Id,
            }));
        if (task.State == AgentTaskStatus.Queued)
        {
            await queue.EnqueueAsync(unit, task, delay: null, cancellationToken);
        }

        return await TaskRecords.ViewAsync(unit, task);
    }
}
