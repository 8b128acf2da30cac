namespace AgentVine.Contracts.Workers;

/// <summary>What the server made of a heartbeat.</summary>
/// <param name="Renewed">Orders whose lease runs for another full period.</param>
/// <param name="Lost">Orders that are no longer this worker's under that token: stop them, push nothing.</param>
public sealed record HeartbeatResponse(IReadOnlyList<Guid> Renewed, IReadOnlyList<Guid> Lost);
