namespace AgentVine.Engine.Identity;

/// <summary>Who may call without a credential.</summary>
public enum AccessMode
{
    /// <summary>Callers of this machine may file and read; everything else wants the key. Only loopback addresses are served.</summary>
    Loopback,

    /// <summary>Every call wants the key, but for the probes of life and readiness.</summary>
    Required,
}
