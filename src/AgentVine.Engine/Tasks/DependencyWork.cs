using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Repositories;
using AgentVine.Git.Names;

namespace AgentVine.Engine.Tasks;

/// <summary>
/// What an attempt's base is to have besides the target branch: the branches of its task's dependencies, noted when it is claimed. An attempt
/// that goes on from a checkpoint keeps the base of that.
/// </summary>
/// <param name="Dependencies">JSON: <see cref="WorkOrderDependency"/>, in the order to merge.</param>
/// <param name="MergedBase">The base that the checkpoint's attempt had, where that was merged.</param>
/// <param name="MergedTarget">The commit of the target branch in it.</param>
internal sealed record DependencyWork(string? Dependencies, string? MergedBase, string? MergedTarget)
{
    public static IReadOnlyList<WorkOrderDependency> Read(ExecutionRow execution) =>
        JsonColumn.Read<List<WorkOrderDependency>>(execution.Dependencies) ?? [];

    public static async Task<DependencyWork> OfAsync(IReadSession session, TaskRow task, CheckpointRow? goesOnFrom)
    {
        if (goesOnFrom is not null)
        {
            var former = await ExecutionRecords.GetAsync(session, goesOnFrom.ExecutionId);
            return new DependencyWork(former.Dependencies, former.MergedBase, former.MergedTarget);
        }

        var target = task.BranchName ?? (await RepositoryRecords.GetAsync(session, task.RepositoryId)).DefaultBranch;
        var found = new List<WorkOrderDependency>();
        await GatherAsync(session, task, target, found, [task.Id]);
        return new DependencyWork(found.Count == 0 ? null : JsonColumn.Write(found), null, null);
    }

    // A dependency with a branch has the work of its own dependencies in that. One without, a review for instance, hands theirs on.
    private static async Task GatherAsync(IReadSession session, TaskRow task, string? target, List<WorkOrderDependency> found, HashSet<Guid> seen)
    {
        foreach (var id in await session.QueryAsync<Guid>(TasksSql.Dependencies, new { task.Id }))
        {
            if (!seen.Add(id) || await TaskRecords.FindAsync(session, id) is not { } dependency || dependency.RepositoryId != task.RepositoryId)
            {
                continue;
            }

            if (JsonColumn.Read<TaskResult>(dependency.Result)?.Commit is { } commit && dependency.ExecutionId is { } executionId)
            {
                // Work for another branch is not this one's to have.
                if (target is null || dependency.BranchName is null || dependency.BranchName == target)
                {
                    found.Add(new WorkOrderDependency(id, dependency.Title, WorkRefs.Branch(id), commit, executionId));
                }
            }
            else
            {
                await GatherAsync(session, dependency, target, found, seen);
            }
        }
    }
}
