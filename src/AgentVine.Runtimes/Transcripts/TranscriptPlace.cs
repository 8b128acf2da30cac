namespace AgentVine.Runtimes.Transcripts;

/// <summary>Whose transcript it is.</summary>
/// <param name="StateDirectory">HOME of the agent.</param>
/// <param name="WorkingDirectory">Its clone; some agent programs file their transcripts by that.</param>
/// <param name="SessionId">The agent program's own id: letters, digits and hyphens.</param>
public sealed record TranscriptPlace(string StateDirectory, string WorkingDirectory, string SessionId)
{
    // It names a file, and an agent's word is where it comes from.
    internal string RequireSession() => SessionId is { Length: > 0 and <= 100 } && SessionId.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
        ? SessionId
        : throw new TranscriptException("The session's id is not made of up to 100 letters, digits and hyphens: it has no transcript that could be kept.");
}
