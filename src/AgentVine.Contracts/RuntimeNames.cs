namespace AgentVine.Contracts;

/// <summary>The runtimes that a task can name.</summary>
public static class RuntimeNames
{
    /// <summary>The real Claude Code.</summary>
    public const string ClaudeCode = "claude-code";

    /// <summary>A program named in the worker's configuration.</summary>
    public const string Command = "command";

    /// <summary>A simulated agent that plays a playbook.</summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [ClaudeCode, Command, Rehearsal];
}
