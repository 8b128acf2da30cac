namespace AgentVine.Testing.Conformance;

/// <summary>What the suite asks an agent to do, in <see cref="AgentWords"/>; each fixture writes it in its runtime's own script.</summary>
public enum AgentScenario
{
    /// <summary>Says <see cref="AgentWords.Lines"/>, one after the other; its turn ends well.</summary>
    SaysLines,

    /// <summary>Its turn fails, or its program where it has but one turn, with <see cref="AgentWords.Cause"/> as last words.</summary>
    Fails,

    /// <summary>Its program ends inside the turn with an exit code not 0, after <see cref="AgentWords.Cause"/> on standard error.</summary>
    EndsInsideATurn,

    /// <summary>Runs <see cref="AgentWords.DetachCommand"/> in a shell in its working directory, and stays in its turn for ever.</summary>
    LeavesADetachedChild,

    /// <summary>Says <see cref="AgentWords.LongLine"/> in one piece.</summary>
    SaysALongLine,

    /// <summary>
    /// Asks <see cref="AgentWords.Question"/> with the options <see cref="AgentWords.Red"/> and <see cref="AgentWords.Blue"/>, says the
    /// answer it was given and ends its turn well.
    /// </summary>
    AsksAQuestion,

    /// <summary>
    /// Asks for leave to run <see cref="AgentWords.AskedCommand"/> (a tool of the runtime's choice whose input holds these words).
    /// Denied, it says the reason; allowed, it says <see cref="AgentWords.Allowed"/>. Its turn ends well either way.
    /// </summary>
    AsksForPermission,

    /// <summary>Says <see cref="AgentWords.Ready"/> and ends its turn; a message starts a turn in which it says that text.</summary>
    WaitsForMessages,

    /// <summary>Says <see cref="AgentWords.Ready"/>, is busy until it is interrupted, then does <see cref="WaitsForMessages"/>.</summary>
    WorksUntilInterrupted,

    /// <summary>Prints its environment as <c>env</c> does, in output of any kind; its turn ends well.</summary>
    PrintsItsEnvironment,
}
