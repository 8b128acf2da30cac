namespace AgentVine.Worker.Outbox;

/// <summary>An entry that is on disk. <paramref name="Outcome"/> comes once the server has answered, which can take as long as the server is away.</summary>
internal sealed record OutboxReceipt(Task<OutboxOutcome> Outcome);
