namespace AgentVine.Contracts;

/// <summary>The answer to <c>GET /health</c>, <c>/health/live</c> and <c>/health/ready</c>: 200, or 503 when it is unhealthy.</summary>
/// <param name="Status">The worst of its parts.</param>
/// <param name="Parts">What was looked at; for <c>/health/live</c> nothing, since answering is life enough.</param>
public sealed record HealthView(HealthStatus Status, IReadOnlyList<HealthPart> Parts);
