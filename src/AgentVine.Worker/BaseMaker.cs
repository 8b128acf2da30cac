using AgentVine.Client;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Bundles;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;

namespace AgentVine.Worker;

/// <summary>
/// Makes what an attempt's work starts from where that is more than the target branch: with the work of its dependencies merged in, or as
/// the attempt had it that this one goes on from.
/// </summary>
internal sealed class BaseMaker(Mirror mirror, ServerLink server, WorkspaceFolders folders)
{
    /// <summary>Where the work starts, and the dependencies whose work is in it that the target branch had not.</summary>
    /// <exception cref="WorkspaceException">The dependencies' work does not go together.</exception>
    public async Task<(MirrorTip Start, IReadOnlyList<WorkOrderDependency> In)> MakeAsync(
        WorkOrderView order, MirrorTip target, CancellationToken cancellationToken)
    {
        if (order.Checkpoint is { } checkpoint)
        {
            return order.MergedBase is { } former
                ? (target.At(await FetchAsync(
                    former.Commit,
                    WorkRefs.Base(former.Commit),
                    (client, whole, file, token) => client.CopyMergedBaseAsync(checkpoint.ExecutionId, whole, file, token),
                    cancellationToken)), order.Dependencies)
                : (target, []);
        }

        if (order.Dependencies.Count == 0)
        {
            return (target, []);
        }

        foreach (var dependency in order.Dependencies)
        {
            await FetchAsync(
                dependency.Commit,
                WorkRefs.Head(dependency.Branch),
                (client, whole, file, token) => client.CopyBranchAsync(dependency.ExecutionId, whole, file, token),
                cancellationToken);
        }

        return await MergeAsync(order, target, cancellationToken);
    }

    private async Task<(MirrorTip Start, IReadOnlyList<WorkOrderDependency> In)> MergeAsync(
        WorkOrderView order, MirrorTip target, CancellationToken cancellationToken)
    {
        var branches = order.Dependencies.Select(dependency => new BranchToMerge(dependency.Title, dependency.Commit)).ToList();
        var outcome = await mirror.MergeAsync(target.Commit, branches, cancellationToken);
        if (outcome is BaseMergeOutcome.Conflict conflict)
        {
            throw new WorkspaceException(FailureKind.Permanent, Explain(conflict, order.Dependencies, branches, target.Branch));
        }

        var merged = (BaseMergeOutcome.Merged)outcome;
        if (merged.Commit == target.Commit)
        {
            return (target, []);
        }

        await TellAsync(order, merged.Commit, target.Commit, cancellationToken);
        return (target.At(merged.Commit), [.. merged.In.Select(branch => order.Dependencies[branches.IndexOf(branch)])]);
    }

    // Before the agent begins: whatever is sent of its work builds on this, and the next attempt asks for it.
    private async Task TellAsync(WorkOrderView order, string commit, string targetCommit, CancellationToken cancellationToken)
    {
        var have = order.Dependencies.Select(dependency => dependency.Commit).ToList();
        if (have.Contains(commit))
        {
            await server.CallAsync((client, token) => client.StoreMergedBaseAsync(order.ExecutionId, commit, targetCommit, Stream.Null, token), cancellationToken);
            return;
        }

        var bundle = await mirror.CreateBaseBundleAsync(commit, have, folders.BaseBundle, cancellationToken);
        await server.SendFileAsync(
            bundle.Path, (client, body, token) => client.StoreMergedBaseAsync(order.ExecutionId, commit, targetCommit, body, token), cancellationToken);
    }

    private async Task<string> FetchAsync(
        string commit, string reference, Func<VineClient, bool, Stream, CancellationToken, Task> copy, CancellationToken cancellationToken)
    {
        if (await mirror.HasAsync(commit, cancellationToken))
        {
            return commit;
        }

        try
        {
            await TakeInAsync(reference, whole: false, copy, cancellationToken);
        }
        catch (BundleException refusal) when (refusal.Fault == BundleFault.MissingPrerequisites)
        {
            // The target branch was rewritten, and this host never had what it was.
            await TakeInAsync(reference, whole: true, copy, cancellationToken);
        }

        return commit;
    }

    private async Task TakeInAsync(
        string reference, bool whole, Func<VineClient, bool, Stream, CancellationToken, Task> copy, CancellationToken cancellationToken)
    {
        await server.CallAsync(
            async (client, token) =>
            {
                await using var file = new FileStream(folders.StartBundle, FileMode.Create, FileAccess.Write);
                await copy(client, whole, file, token);
            },
            cancellationToken);
        await mirror.TakeInAsync(await Bundle.OpenAsync(folders.StartBundle, reference, long.MaxValue, cancellationToken), cancellationToken);
    }

    private static string Explain(
        BaseMergeOutcome.Conflict conflict, IReadOnlyList<WorkOrderDependency> dependencies, List<BranchToMerge> branches, string target)
    {
        const int MostFiles = 20;
        string Named(BranchToMerge branch) => $"\"{branch.Name}\" ({dependencies[branches.IndexOf(branch)].TaskId})";
        var files = string.Join(", ", conflict.Files.Take(MostFiles)) + (conflict.Files.Count > MostFiles ? $" and {conflict.Files.Count - MostFiles} more" : "");
        var other = conflict switch
        {
            { With: { } with } => $"those of its dependency {Named(with)}",
            { WithTarget: true } => $"the branch {target} as it is now",
            _ => $"those of {string.Join(" and ", branches.TakeWhile(branch => branch != conflict.Branch).Select(Named))} together",
        };
        return $"The changes of its dependency {Named(conflict.Branch)} and {other} conflict{(files.Length == 0 ? "" : $" in {files}")}. "
            + $"Merge one of them into {target} and resolve that there, or take one out of the task's depends_on, then requeue the task.";
    }
}
