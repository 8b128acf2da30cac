using System.Security.Cryptography;
using AgentVine.Client;
using AgentVine.Contracts.Queue;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Worker;

/// <summary>Puts the conversation that an attempt is to go on with into its agent's home. Without it the agent begins anew.</summary>
internal sealed class SessionRestore(ServerLink server)
{
    /// <summary>Returns the session, and where it could not be restored, why.</summary>
    public async Task<(Guid? SessionId, string? Problem)> RunAsync(
        WorkOrderView order, Workspace workspace, IAgentRuntime runtime, CancellationToken cancellationToken)
    {
        if (order.Session is not { } session)
        {
            return (null, null);
        }

        try
        {
            return (await PlaceAsync(session, workspace, runtime, cancellationToken), null);
        }
        catch (Exception failure) when (failure is TranscriptException or VineApiException or IOException)
        {
            return (null, $"The earlier conversation could not be restored, and the agent begins a new one: {failure.Message}");
        }
    }

    private async Task<Guid> PlaceAsync(WorkOrderSession session, Workspace workspace, IAgentRuntime runtime, CancellationToken cancellationToken)
    {
        if (runtime.Transcripts is not { } transcripts || !Guid.TryParseExact(session.SessionId, "D", out var sessionId))
        {
            throw new TranscriptException($"the runtime {runtime.Name} cannot go on with a session '{session.SessionId}'.");
        }

        if (session.TranscriptBytes > IAgentTranscripts.Longest)
        {
            throw new TranscriptException($"it has {session.TranscriptBytes} bytes, and {IAgentTranscripts.Longest} are taken.");
        }

        var path = workspace.Folders.StartTranscript;
        await server.CallAsync(
            async (client, token) =>
            {
                await using var download = new FileStream(path, FileMode.Create, FileAccess.Write);
                await client.CopyTranscriptAsync(session.ExecutionId, session.N, download, token);
            },
            cancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read);
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
        if (file.Length != session.TranscriptBytes || hash != session.TranscriptSha256)
        {
            throw new TranscriptException($"the server sent {file.Length} bytes with the hash {hash}, and announced {session.TranscriptBytes} with {session.TranscriptSha256}.");
        }

        file.Position = 0;
        await transcripts.PlaceAsync(new TranscriptPlace(workspace.Home, workspace.Clone, session.SessionId), file, cancellationToken);
        return sessionId;
    }
}
