namespace AgentVine.Runtimes.Transcripts;

/// <summary>A transcript could not be read or put in its place. The message is for people.</summary>
public sealed class TranscriptException(string message, Exception? innerException = null) : Exception(message, innerException);
