using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Worker;

/// <summary>What checkpoints are taken of.</summary>
/// <param name="Workspace">The attempt's files.</param>
/// <param name="Transcripts">Its runtime's; null where its conversations cannot be gone on with.</param>
/// <param name="SessionId">The conversation's id as it is now; null where it has not said one.</param>
internal sealed record CheckpointSource(Workspace Workspace, IAgentTranscripts? Transcripts, Func<string?> SessionId);
