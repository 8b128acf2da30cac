using AgentVine.Client;
using AgentVine.Contracts;

namespace AgentVine.Worker;

/// <summary>Stores what builds on an attempt's base commit, and first that one with its history where the server lacks it.</summary>
internal sealed class BaseSender(ServerLink server)
{
    public async Task<T> StoreAsync<T>(Workspace workspace, Guid executionId, Func<CancellationToken, Task<T>> store, CancellationToken cancellationToken)
    {
        try
        {
            return await store(cancellationToken);
        }
        catch (VineApiException refusal) when (refusal.Problem.Code == ErrorCodes.ExecutionsBundlePrerequisite)
        {
            await SendBaseAsync(workspace, executionId, refusal.Problem.Errors?.GetValueOrDefault("have") ?? [], cancellationToken);
            return await store(cancellationToken);
        }
    }

    private async Task SendBaseAsync(Workspace workspace, Guid executionId, IReadOnlyList<string> have, CancellationToken cancellationToken)
    {
        await workspace.BaseTurn.WaitAsync(cancellationToken);
        try
        {
            var lacking = await workspace.BaseBundleAsync(have, cancellationToken);
            await server.SendFileAsync(
                lacking.Path, (client, body, token) => client.StoreBaseAsync(executionId, workspace.BaseCommit, body, token), cancellationToken);
        }
        finally
        {
            workspace.BaseTurn.Release();
        }
    }
}
