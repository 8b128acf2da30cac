namespace AgentVine.Contracts.Executions;

/// <summary>What made a worker store a checkpoint.</summary>
public enum CheckpointTrigger
{
    /// <summary>The agent's turn ended.</summary>
    TurnEnd,

    /// <summary>A tool that may have written has ended.</summary>
    Tool,

    /// <summary>The attempt was about to be parked or cut short.</summary>
    Parked,

    /// <summary>The attempt was done; the agent had gone.</summary>
    Ended,

    /// <summary>A restarted worker found what a killed one had left.</summary>
    Salvaged,
}
