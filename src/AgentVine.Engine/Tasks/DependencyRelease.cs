using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>Lets dependents go when their last dependency completes, and tells those whose dependency never will.</summary>
internal sealed class DependencyRelease(IServiceProvider services) : ITaskObserver
{
    public async Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken)
    {
        if (move.To is not (AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled) && move.From != AgentTaskStatus.Failed)
        {
            return;
        }

        foreach (var dependent in await unit.QueryAsync<Guid>(TasksSql.BlockedDependents, new { move.Task.Id }))
        {
            await ReleaseAsync(unit, dependent, cancellationToken);
        }
    }

    /// <summary>Null when nothing blocks; else the reason in words.</summary>
    public static async Task<string?> BlockedByAsync(IReadSession session, Guid taskId)
    {
        var unfinished = await session.QueryAsync<UnfinishedDependency>(TasksSql.UnfinishedDependencies, new { Id = taskId });
        var broken = unfinished.Where(dependency => dependency.Status is "failed" or "cancelled").ToList();
        if (broken.Count > 0)
        {
            return string.Join("; ", broken.Select(dependency => $"its dependency \"{dependency.Title}\" ({dependency.Id}) is {dependency.Status}"))
                + (broken.Any(dependency => dependency.Status == "failed")
                    ? ": retry what failed, take it out of depends_on, or cancel this one"
                    : ": take it out of depends_on, or cancel this one");
        }

        return unfinished.Count == 0
            ? null
            : "waits for " + string.Join(", ", unfinished.Select(dependency => $"\"{dependency.Title}\" ({dependency.Id})"));
    }

    private async Task ReleaseAsync(IUnitOfWork unit, Guid dependentId, CancellationToken cancellationToken)
    {
        var task = await TaskRecords.LockAsync(unit, dependentId);
        if (task.State != AgentTaskStatus.Blocked)
        {
            // Cancelled since it was found.
            return;
        }

        var blockedBy = await BlockedByAsync(unit, dependentId);
        if (blockedBy is not null)
        {
            task.StatusReason = blockedBy;
            await TaskRecords.SaveAsync(unit, task);
            return;
        }

        // Resolved late: the records call their observers, and this observer moves records.
        var records = services.GetRequiredService<TaskRecords>();
        await records.MoveAsync(unit, task, AgentTaskStatus.Queued, "queued", null, null, cancellationToken);
        await services.GetRequiredService<WorkQueue>().EnqueueAsync(unit, task, delay: null, cancellationToken);
    }

    private sealed record UnfinishedDependency(Guid Id, string Title, string Status);
}
