namespace AgentVine.Contracts.Workers;

/// <summary>What the server tells a worker at registration: one place sets the fleet's rhythm.</summary>
/// <param name="HeartbeatSeconds">How often to beat.</param>
/// <param name="LeaseSeconds">How long a lease lasts from the sending of its claim or renewal.</param>
/// <param name="StallAfterSeconds">How long an agent may say and do nothing until it is taken for stalled.</param>
public sealed record WorkerSettings(int HeartbeatSeconds, int LeaseSeconds, int StallAfterSeconds);
