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
internal sealed class Workspace(WorkspaceFolders folders, AttemptFile attempt, Mirror mirror, string targetBranch, IProcessLauncher launcher)
{
    private readonly SandboxedGit _git = new(launcher, folders, mirror.ObjectsFolder);

    public WorkspaceFolders Folders => folders;

    /// <summary>Which attempt's it is.</summary>
    public AttemptFile Attempt => attempt;

    public string Clone => folders.Clone;

    public string Home => folders.Home;

    public string TargetBranch => targetBranch;

    public string BaseCommit => attempt.BaseCommit;

    /// <summary>Tasks whose work is in <see cref="BaseCommit"/>, and was not in the target branch.</summary>
    public IReadOnlyList<WorkOrderDependency> MergedIn { get; init; } = [];

    public string WorkBranch { get; } = WorkRefs.Branch(attempt.TaskId);

    /// <summary>What the agent must be able to read besides its clone: the mirror's objects, which the clone borrows.</summary>
    public string Objects => mirror.ObjectsFolder;

    /// <summary>Where its snapshots are kept.</summary>
    public string WorkInProgress { get; } = WorkRefs.WorkInProgress(attempt.TaskId, attempt.Attempt);

    // The first snapshot is to go on from it, and those that follow do so anyway.
    private IEnumerable<string> Restored => attempt.Restored is { } commit ? [commit] : [];

    /// <summary>
    /// Commits what the agent left uncommitted and brings the branch out as a checked bundle; null when the agent changed nothing.
    /// </summary>
    /// <exception cref="WorkspaceException">The clone is not what it was, or its work cannot be brought out; the files stay.</exception>
    public async Task<Bundle?> CollectAsync(string title, long maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            folders.Require();
            PrivateClone.RemoveLocks(Clone);
            foreach (var step in GitCommands.CommitAll(Clone, WorkBranch, $"Work in progress: {title}", GitIdentity.Agent))
            {
                await _git.RunAsync(step, cancellationToken);
            }

            var count = await _git.RunAsync(GitCommands.CountCommits(Clone, BaseCommit, WorkBranch), cancellationToken);
            return count.Text.Trim() == "0"
                ? null
                : await ReceiveAsync(
                    GitCommands.CreateBundle(Clone, BaseCommit, WorkBranch), folders.Bundle, WorkRefs.Head(WorkBranch), maxBytes, cancellationToken);
        }
        catch (Exception refusal) when (refusal is BundleException or GitStepException)
        {
            throw new WorkspaceException(FailureKind.BadResult, $"What the agent handed back cannot be taken: {refusal.Message}", refusal);
        }
    }

    public SnapshotTaker NewTaker() => new(_git);

    /// <summary>Takes a snapshot of the clone as it is now; the agent may be at work.</summary>
    public async Task<Snapshot> SnapshotAsync(SnapshotTaker taker, Snapshot? previous, CancellationToken cancellationToken)
    {
        var request = new SnapshotRequest
        {
            Folder = Clone,
            Reference = WorkInProgress,
            BaseCommit = BaseCommit,
            Previous = previous,
            Known = [.. await mirror.ListObjectsAsync(cancellationToken), .. previous is null ? [] : Restored],
        };
        return await taker.TakeAsync(request, cancellationToken);
    }

    /// <summary>
    /// Brings a snapshot out, less what the server has. Unlike a branch it is not checked here: nothing builds on it before the
    /// server has checked it.
    /// </summary>
    public async Task<Bundle> BundleSnapshotAsync(Snapshot snapshot, string? acknowledged, long maxBytes, CancellationToken cancellationToken)
    {
        // One that was taken before, and now again since the files are as they were, is not the last that the clone's ref was moved to.
        await _git.RunAsync(SnapshotCommands.Keep(Clone, WorkInProgress, snapshot.Commit), cancellationToken);
        return await _git.StreamAsync(
            SnapshotCommands.CreateBundle(Clone, WorkInProgress, BaseCommit, acknowledged),
            output => Bundle.ReceiveAsync(output, folders.CheckpointBundle, WorkInProgress, maxBytes, cancellationToken),
            cancellationToken);
    }

    /// <summary>Who makes and sends <see cref="BaseBundleAsync"/> takes it: a checkpoint and the branch may want that at one moment.</summary>
    public SemaphoreSlim BaseTurn { get; } = new(1);

    /// <summary>Commits that the server lacks, as a bundle.</summary>
    public Task<Bundle> BaseBundleAsync(IReadOnlyList<string> have, CancellationToken cancellationToken) =>
        mirror.CreateBaseBundleAsync(BaseCommit, have, folders.BaseBundle, cancellationToken);

    /// <summary>
    /// Whether all that is in the clone is in <paramref name="kept"/>, or where the attempt has no snapshot at the server, on the branch
    /// that it handed back; <paramref name="branch"/> is null when it changed nothing.
    /// </summary>
    public async Task<bool> IsKeptAsync(Snapshot? kept, string? branch, CancellationToken cancellationToken)
    {
        kept ??= await AsSnapshotAsync(branch ?? BaseCommit, cancellationToken);
        var now = await SnapshotAsync(new SnapshotTaker(_git), kept, cancellationToken);
        return now == kept with { IsWhole = true };
    }

    /// <summary>Removes the attempt's files; nothing of the agent may be running.</summary>
    public void Delete() => folders.Delete();

    private async Task<Snapshot> AsSnapshotAsync(string commit, CancellationToken cancellationToken)
    {
        var tree = await _git.RunAsync(SnapshotCommands.TreeOf(Clone, commit), cancellationToken);
        return new Snapshot(commit, tree.Text.Trim(), commit, IsWhole: true);
    }

    private async Task<Bundle> ReceiveAsync(GitStep step, string path, string reference, long maxBytes, CancellationToken cancellationToken)
    {
        var bundle = await _git.StreamAsync(
            step, output => Bundle.ReceiveAsync(output, path, reference, maxBytes, cancellationToken), cancellationToken);
        await mirror.VerifyAsync(bundle, cancellationToken);
        return bundle;
    }
}
