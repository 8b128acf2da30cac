namespace AgentVine.Contracts.Queue;

/// <summary>A model account that takes no work until a moment.</summary>
public sealed record AccountStatus(string Name, DateTimeOffset ClosedUntil);
