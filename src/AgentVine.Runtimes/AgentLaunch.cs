using System.Text.Json;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes;

/// <summary>Everything that a run needs to know.</summary>
public sealed record AgentLaunch
{
    /// <summary>The attempt; carried as <c>VINE_EXECUTION</c> by every process of it.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>The agent's clone, as the host names it.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Folders that the clone refers to, shown read-only at their own paths: the mirror that holds its objects.</summary>
    public IReadOnlyList<string> SharedFolders { get; init; } = [];

    /// <summary>A private folder of this attempt, HOME to the agent; exists, and is empty or left from the session that is resumed.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The first user turn.</summary>
    public required string Instructions { get; init; }

    /// <summary>The id that the agent program is to give the session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Whether <see cref="SessionId"/> is a session that <see cref="StateDirectory"/> already holds.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether the session that is resumed served another task: what it did there is over.</summary>
    public bool NewTask { get; init; }

    /// <summary>The model, as the runtime names it; the runtime's default when null.</summary>
    public string? Model { get; init; }

    /// <summary>The task's <c>payload</c>.</summary>
    public JsonElement? Payload { get; init; }

    /// <summary>Whether the agent may change nothing (a review): tools that write are withheld and the clone is read-only.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The <c>vine</c> MCP server and this attempt's token for it; null where there is none.</summary>
    public McpAccess? Mcp { get; init; }

    /// <summary>The worker's gateway to the model and this attempt's token for it; null where the agent calls with the account's own key.</summary>
    public ModelAccess? ModelAccess { get; init; }

    /// <summary>Where and how its processes are started.</summary>
    public required IProcessLauncher Processes { get; init; }
}
