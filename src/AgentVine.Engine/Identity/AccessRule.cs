namespace AgentVine.Engine.Identity;

/// <summary>Who may call an endpoint. One that says nothing wants the key.</summary>
internal enum AccessRule
{
    /// <summary>Holders of the key.</summary>
    Key,

    /// <summary>Anybody in loopback mode; holders of the key otherwise.</summary>
    Open,

    /// <summary>Anybody, always: probes.</summary>
    Probe,

    /// <summary>An agent, with the token of its running execution. The key is not taken in its place.</summary>
    Agent,
}
