using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Worker;

/// <summary>
/// One attempt's files: the clone that the agent works in and its private home. After the agent had the clone, git runs in it only
/// inside the sandbox, and what comes out of there is checked before it is believed.
/// </summary>
internal sealed class Workspace(WorkspaceFolders folders, PrivateClone clone, MirrorTip target, Mirror mirror, IProcessLauncher launcher, WorkOrderView order)
{
    public string Clone => clone.Folder;

    public string Home => folders.Home;

    public string TargetBranch => target.Branch;

    public string BaseCommit => clone.BaseCommit;

    public string WorkBranch => clone.WorkBranch;

    /// <summary>What the agent must be able to read besides its clone: the mirror's objects, which the clone borrows.</summary>
    public string Objects => clone.ObjectsFolder;

    private string Reference => WorkRefs.Head(clone.WorkBranch);

    /// <summary>
    /// Commits what the agent left uncommitted and brings the branch out as a checked bundle; null when the agent changed nothing.
    /// </summary>
    /// <exception cref="WorkspaceException">The clone is not what it was, or its work cannot be brought out; the files stay.</exception>
    public async Task<Bundle?> CollectAsync(long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var step in GitCommands.CommitAll(Clone, clone.WorkBranch, $"Work in progress: {order.Task.Title}", GitIdentity.Agent))
            {
                await RunAsync(step, cancellationToken);
            }

            var count = await RunAsync(GitCommands.CountCommits(Clone, clone.BaseCommit, clone.WorkBranch), cancellationToken);
            if (count.Trim() == "0")
            {
                return null;
            }

            await using var sandboxed = new SandboxedGit(launcher, this, order.ExecutionId);
            var bundle = await sandboxed.StreamAsync(
                GitCommands.CreateBundle(Clone, clone.BaseCommit, clone.WorkBranch),
                output => Bundle.ReceiveAsync(output, folders.Bundle, Reference, maxBytes, cancellationToken),
                cancellationToken);
            await mirror.VerifyAsync(bundle, cancellationToken);
            return bundle;
        }
        catch (BundleException refusal)
        {
            throw new WorkspaceException(FailureKind.BadResult, $"What the agent handed back cannot be taken: {refusal.Message}", refusal);
        }
    }

    /// <summary>Commits that the server lacks, as a bundle.</summary>
    public Task<Bundle> BaseBundleAsync(IReadOnlyList<string> have, CancellationToken cancellationToken) =>
        mirror.CreateBaseBundleAsync(clone.BaseCommit, have, folders.BaseBundle, cancellationToken);

    /// <summary>Removes the attempt's files; nothing of the agent may be running.</summary>
    public void Delete() => folders.Delete();

    private async Task<string> RunAsync(GitStep step, CancellationToken cancellationToken)
    {
        await using var sandboxed = new SandboxedGit(launcher, this, order.ExecutionId);
        return await sandboxed.RunAsync(step, cancellationToken);
    }
}
