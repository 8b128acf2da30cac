namespace AgentVine.Contracts.Executions;

/// <summary>What is done, step by step, about an agent that is alive and does nothing.</summary>
public enum StallStep
{
    /// <summary>Nothing was said or done for <c>stall_after</c>.</summary>
    Stalled,

    /// <summary>The agent was asked, as a user turn, to go on.</summary>
    Nudged,

    /// <summary>Its turn was interrupted.</summary>
    Interrupted,

    /// <summary>Its process was killed; the attempt ends, and the next one resumes its session.</summary>
    Killed,

    /// <summary>It goes on.</summary>
    Recovered,
}
