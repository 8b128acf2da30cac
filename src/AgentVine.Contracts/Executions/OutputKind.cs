namespace AgentVine.Contracts.Executions;

/// <summary>What a line of output is, for people and screens; the agent program's own line stands beside it unchanged.</summary>
public enum OutputKind
{
    /// <summary>Words of the fleet about the attempt (clone made, branch stored).</summary>
    Note,

    /// <summary>A user turn: the instructions, a person's message.</summary>
    User,

    /// <summary>What the agent says.</summary>
    Text,

    /// <summary>What the agent thinks aloud.</summary>
    Thinking,

    /// <summary>A tool that the agent calls.</summary>
    ToolUse,

    /// <summary>What the tool gave back.</summary>
    ToolResult,

    /// <summary>The end of a turn.</summary>
    Result,

    /// <summary>The agent program's own machinery (start, status, control messages).</summary>
    System,

    /// <summary>What the agent program wrote to its standard error.</summary>
    Stderr,
}
