namespace AgentVine.Worker.Outbox;

/// <summary>What becomes of an entry.</summary>
/// <param name="Stored">Completes when it is on disk: a killed worker's next run tells it.</param>
/// <param name="Outcome">Completes when the server has answered, which can take as long as the server is away.</param>
internal sealed record OutboxReceipt(Task Stored, Task<OutboxOutcome> Outcome);
