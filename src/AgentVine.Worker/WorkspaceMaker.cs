using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Git;
using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Worker;

/// <summary>Makes workspaces: the mirror brought up to date, and a private clone of it for the attempt.</summary>
internal sealed class WorkspaceMaker(MirrorStore mirrors, IProcessLauncher launcher, ServerLink server, string folder)
{
    /// <exception cref="WorkspaceException">It cannot be made; the kind says whether another try is of use.</exception>
    public async Task<Workspace> MakeAsync(WorkOrderView order, CancellationToken cancellationToken)
    {
        var folders = new WorkspaceFolders(folder, order.ExecutionId);
        try
        {
            return await MakeAsync(order, folders, cancellationToken);
        }
        catch (Exception failure)
        {
            folders.Delete();
            if (Explain(failure) is { } explained)
            {
                throw explained;
            }

            throw;
        }
    }

    private static WorkspaceException? Explain(Exception failure) => failure switch
    {
        GitException git => new(git.IsTransient ? FailureKind.Transient : FailureKind.Permanent, git.Message, git),
        FormatException => new(FailureKind.Permanent, failure.Message, failure),
        BundleException => new(FailureKind.Permanent, $"The earlier work cannot be gone on from: {failure.Message}", failure),
        IOException => new(FailureKind.Transient, $"The clone could not be written: {failure.Message}", failure),
        _ => null,
    };

    private async Task<Workspace> MakeAsync(WorkOrderView order, WorkspaceFolders folders, CancellationToken cancellationToken)
    {
        folders.Create();
        var mirror = mirrors.For(RepositoryUrl.Parse(order.Task.RepositoryUrl));
        var target = await mirror.FetchAsync(order.Task.BranchName, cancellationToken);
        var (start, mergedIn) = await new BaseMaker(mirror, server, folders).MakeAsync(order, target, cancellationToken);
        var workBranch = WorkRefs.Branch(order.Task.Id);
        var clone = await PrivateClone.CreateAsync(
            mirror,
            new PrivateCloneRequest
            {
                Target = start,
                WorkBranch = workBranch,
                Folder = folders.CloneDraft,
                StartFrom = order.Checkpoint is { } from ? new PrivateCloneStart(await StartAsync(order, folders, cancellationToken), from.HeadCommit) : null,
            },
            cancellationToken);
        var attempt = new AttemptFile
        {
            ExecutionId = order.ExecutionId,
            TaskId = order.Task.Id,
            Attempt = order.Attempt,
            LeaseToken = order.LeaseToken,
            RepositoryUrl = order.Task.RepositoryUrl,
            Runtime = order.Task.Runtime,
            BaseCommit = clone.BaseCommit,
            Restored = order.Checkpoint?.Commit,
        };
        attempt.Write(folders.Attempt);
        Directory.Move(folders.CloneDraft, folders.Clone);
        return new Workspace(folders, attempt, mirror, target.Branch, launcher) { MergedIn = mergedIn };
    }

    private async Task<Bundle> StartAsync(WorkOrderView order, WorkspaceFolders folders, CancellationToken cancellationToken)
    {
        var from = order.Checkpoint!;
        await server.CallAsync(
            async (client, token) =>
            {
                await using var file = new FileStream(folders.StartBundle, FileMode.Create, FileAccess.Write);
                await client.CopyCheckpointAsync(from.ExecutionId, from.N, false, file, token);
            },
            cancellationToken);
        return await Bundle.OpenAsync(
            folders.StartBundle, WorkRefs.WorkInProgress(order.Task.Id, from.Attempt), long.MaxValue, cancellationToken);
    }
}
