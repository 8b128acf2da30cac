using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Bundles;

namespace AgentVine.Worker;

/// <summary>Brings an attempt's commits to the server: the bundle, and first the commits that it builds on where the server lacks them.</summary>
internal sealed class BranchSender(ServerLink server, long maxBundleBytes, TimeProvider time)
{
    // The clone is the agent's: what it left there may keep git waiting for ever.
    private static readonly TimeSpan LongestCollection = TimeSpan.FromMinutes(10);

    /// <summary>Null when the agent changed nothing.</summary>
    public async Task<StoreBranchResponse?> SendAsync(Workspace workspace, WorkOrderView order, CancellationToken cancellationToken)
    {
        var bundle = await CollectAsync(workspace, order.Task.Title, cancellationToken);
        if (bundle is null)
        {
            return null;
        }

        return await new BaseSender(server).StoreAsync(workspace, order.ExecutionId, token => StoreAsync(workspace, order, bundle, token), cancellationToken);
    }

    private async Task<Bundle?> CollectAsync(Workspace workspace, string title, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestCollection, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await workspace.CollectAsync(title, maxBundleBytes, either.Token);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkspaceException(
                FailureKind.BadResult, $"git had not brought the work out of the agent's clone after {LongestCollection.TotalMinutes:0} min.", late);
        }
    }

    private async Task<StoreBranchResponse> StoreAsync(Workspace workspace, WorkOrderView order, Bundle bundle, CancellationToken cancellationToken)
    {
        StoreBranchResponse? stored = null;
        await server.SendFileAsync(
            bundle.Path,
            async (client, body, token) => stored = await client.StoreBranchAsync(order.ExecutionId, bundle.Commit, workspace.BaseCommit, body, token),
            cancellationToken);
        return stored!;
    }
}
