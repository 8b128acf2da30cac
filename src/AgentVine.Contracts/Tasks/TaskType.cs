namespace AgentVine.Contracts.Tasks;

/// <summary>What kind of work a task is; chooses the instruction template of the agent's first turn.</summary>
public enum TaskType
{
    /// <summary>New behaviour.</summary>
    Feature,

    /// <summary>Something that is broken.</summary>
    Bugfix,

    /// <summary>Tests for what is there.</summary>
    Test,

    /// <summary>Documentation.</summary>
    Docs,

    /// <summary>Same behaviour, better shape.</summary>
    Refactor,

    /// <summary>Reads and comments; changes nothing.</summary>
    Review,
}
