namespace AgentVine.Runtimes.Transcripts;

/// <summary>
/// Where a runtime's agent program keeps its conversations: files below an agent's state directory, which is the agent's own. The host
/// follows no link in it, takes nothing but a file for a transcript, and no more of it than <see cref="Longest"/>.
/// </summary>
public interface IAgentTranscripts
{
    /// <summary>How many bytes a transcript may have.</summary>
    const long Longest = 256L * 1024 * 1024;

    /// <summary>How long the agent program may take to write down what its signals have told; a copy made sooner may lack the last of it.</summary>
    TimeSpan Lag { get; }

    /// <summary>
    /// Copies a transcript to <paramref name="destination"/> as far as it is written now, up to its last complete line; the agent may be at
    /// work. Returns how long the copy is; 0 where there is no transcript yet.
    /// </summary>
    /// <exception cref="TranscriptException">There is something else in its place, or too much of it.</exception>
    Task<long> CopyAsync(TranscriptPlace place, Stream destination, CancellationToken cancellationToken);

    /// <summary>
    /// Puts <paramref name="transcript"/> where a run with <see cref="AgentLaunch.Resume"/> finds it. No process of the agent may run, and
    /// none of it may have had the state directory before.
    /// </summary>
    /// <exception cref="TranscriptException">It cannot be put there, or there is too much of it.</exception>
    Task PlaceAsync(TranscriptPlace place, Stream transcript, CancellationToken cancellationToken);
}
