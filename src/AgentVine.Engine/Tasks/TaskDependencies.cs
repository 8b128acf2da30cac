using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>What tasks wait for, and changes to it: one at a time over the organization, so that no two together make a cycle.</summary>
internal sealed class TaskDependencies(TaskRecords tasks, WorkQueue queue)
{
    /// <summary>To be taken first, by whoever changes what an existing task waits for.</summary>
    public static Task LockGraphAsync(IUnitOfWork unit) => unit.ExecuteAsync(TasksSql.LockGraph);

    /// <summary>Locks dependencies, so that one that completes meanwhile either blocks nothing or finds its dependent.</summary>
    /// <exception cref="ProblemException">One of them is no task.</exception>
    public static async Task LockAsync(IUnitOfWork unit, IReadOnlyList<Guid> dependsOn)
    {
        var missing = new HashSet<Guid>();
        foreach (var id in dependsOn.Order())
        {
            if (await unit.ExecuteAsync(TasksSql.Lock, new { Id = id }) == 0)
            {
                missing.Add(id);
            }
        }

        var faults = new Faults();
        foreach (var (id, index) in dependsOn.Select((id, index) => (id, index)).Where(each => missing.Contains(each.id)))
        {
            faults.Add($"depends_on[{index}]", $"names no task: {id}");
        }

        faults.ThrowIfAny();
    }

    /// <summary>Has a locked task wait for others than before, and moves it where that blocks or releases it.</summary>
    public async Task ReplaceAsync(IUnitOfWork unit, TaskRow task, IReadOnlyList<Guid> dependsOn, string actor, CancellationToken cancellationToken)
    {
        if (task.State != AgentTaskStatus.Blocked && task is not { State: AgentTaskStatus.Queued, Attempt: 0 })
        {
            throw UpdateTask.NotEditable(task, "depends_on can be changed only while it is blocked, or queued and never begun");
        }

        await RefuseCycleAsync(unit, task, dependsOn);
        await unit.ExecuteAsync(TasksSql.DeleteDependencies, new { task.Id });
        foreach (var (dependency, position) in dependsOn.Select((id, position) => (id, position)))
        {
            await unit.ExecuteAsync(TasksSql.InsertDependency, new { TaskId = task.Id, DependsOnId = dependency, Position = position });
        }

        var blockedBy = await DependencyRelease.BlockedByAsync(unit, task.Id);
        switch (task.State, blockedBy)
        {
            case (AgentTaskStatus.Blocked, null):
                await tasks.MoveAsync(unit, task, AgentTaskStatus.Queued, "queued", null, actor, cancellationToken);
                await queue.EnqueueAsync(unit, task, delay: null, cancellationToken);
                break;
            case (AgentTaskStatus.Blocked, _):
                task.StatusReason = blockedBy;
                await TaskRecords.SaveAsync(unit, task);
                break;
            case (AgentTaskStatus.Queued, not null):
                await queue.RemoveUnleasedAsync(unit, task.Id, "blocked");
                await tasks.MoveAsync(unit, task, AgentTaskStatus.Blocked, "blocked", blockedBy, actor, cancellationToken);
                break;
        }
    }

    private static async Task RefuseCycleAsync(IUnitOfWork unit, TaskRow task, IReadOnlyList<Guid> dependsOn)
    {
        var from = dependsOn.ToDictionary(id => id, _ => task.Id);
        var next = new Queue<Guid>(dependsOn);
        while (next.TryDequeue(out var id))
        {
            if (id == task.Id)
            {
                throw new ProblemException(
                    409, ErrorCodes.TasksDependencyCycle, $"Nobody could begin: {await InWordsAsync(unit, task, from)}. Leave out one of these waits.");
            }

            foreach (var further in await unit.QueryAsync<Guid>(TasksSql.Dependencies, new { Id = id }))
            {
                if (from.TryAdd(further, id))
                {
                    next.Enqueue(further);
                }
            }
        }
    }

    // "A waits for B waits for A", read from the end back to the task.
    private static async Task<string> InWordsAsync(IUnitOfWork unit, TaskRow task, Dictionary<Guid, Guid> from)
    {
        var names = new List<string>();
        var id = task.Id;
        do
        {
            names.Add($"\"{(await TaskRecords.FindAsync(unit, id))!.Title}\" ({id})");
            id = from[id];
        }
        while (id != task.Id);
        names.Add(names[0]);
        names.Reverse();
        return string.Join(" waits for ", names);
    }
}
