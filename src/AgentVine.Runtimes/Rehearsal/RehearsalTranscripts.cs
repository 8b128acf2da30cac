using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>Rehearsals' transcripts: <c>rehearsal-&lt;session&gt;.jsonl</c> in the agent's home.</summary>
internal sealed class RehearsalTranscripts : IAgentTranscripts
{
    public static string NameOf(string sessionId) => $"rehearsal-{sessionId}.jsonl";

    /// <inheritdoc/>
    public TimeSpan Lag => TimeSpan.Zero;

    /// <inheritdoc/>
    public async Task<long> CopyAsync(TranscriptPlace place, Stream destination, CancellationToken cancellationToken)
    {
        await using var source = AgentFolder.OpenRead(place.StateDirectory, NameOf(place.RequireSession()));
        return source is null ? 0 : await TranscriptFile.CopyLinesAsync(source, destination, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PlaceAsync(TranscriptPlace place, Stream transcript, CancellationToken cancellationToken)
    {
        await using var file = AgentFolder.Create(place.StateDirectory, NameOf(place.RequireSession()));
        await TranscriptFile.CopyAllAsync(transcript, file, cancellationToken);
    }
}
