namespace AgentVine.Worker.Outbox;

/// <summary>What the server did not take, and its reason as JSON.</summary>
internal sealed record RefusedEntry(Guid ExecutionId, long N, OutboxKind Kind, string Problem);
