namespace AgentVine.Chaos.Fleet;

/// <summary>What a task's agent does between its two files.</summary>
internal enum WorkShape
{
    /// <summary>Nothing to speak of.</summary>
    Plain,

    /// <summary>Asks a question.</summary>
    Asks,

    /// <summary>Asks for permission.</summary>
    WantsPermission,

    /// <summary>Runs a command that commits and goes on for a while: a process of the agent's own.</summary>
    Commits,

    /// <summary>Runs a command that leaves nothing behind, however it ends.</summary>
    Runs,

    /// <summary>Works for longer than a lease.</summary>
    Long,
}
