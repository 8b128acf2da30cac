namespace AgentVine.Worker.Outbox;

/// <summary>One thing to tell the server of an attempt. <paramref name="N"/> counts from 1 within the execution and is the order of sending.</summary>
internal sealed record OutboxEntry(Guid ExecutionId, long N, OutboxKind Kind, byte[] Body, DateTimeOffset At);
