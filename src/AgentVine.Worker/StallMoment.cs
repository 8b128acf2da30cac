using AgentVine.Contracts.Executions;

namespace AgentVine.Worker;

/// <summary>A step that is due about an agent that has made no progress since <paramref name="Since"/>.</summary>
internal sealed record StallMoment(StallStep Step, DateTimeOffset Since);
