namespace AgentVine.Worker.Outbox;

/// <summary>The body of entries that name a request or a message and say no more.</summary>
internal sealed record OutboxSubject(Guid Id);
