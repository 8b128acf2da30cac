namespace AgentVine.Contracts;

/// <summary>How something fares.</summary>
public enum HealthStatus
{
    /// <summary>It does not work.</summary>
    Unhealthy,

    /// <summary>It works, with a loss that the detail names.</summary>
    Degraded,

    /// <summary>It works.</summary>
    Healthy,
}
