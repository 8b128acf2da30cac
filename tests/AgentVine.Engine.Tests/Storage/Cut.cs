namespace AgentVine.Engine.Tests.Storage;

/// <summary>Where a connection is cut that carries a COMMIT.</summary>
public enum Cut
{
    /// <summary>The server never hears of the COMMIT, and its connection is closed.</summary>
    BeforeCommit,

    /// <summary>The server never hears of the COMMIT, and believes its client to be there.</summary>
    HalfOpen,

    /// <summary>The server commits; its answer is lost.</summary>
    AfterCommit,
}
