using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Follows the tools that run, and tells of those that may have written when they end. A tool that is not known may have.</summary>
internal sealed class ClaudeTools
{
    private const string Fleet = $"mcp__{ClaudeFleetTools.ServerName}__";

    private static readonly HashSet<string> Reading = new(StringComparer.Ordinal)
    {
        "Read", "Grep", "Glob", "LS", "LSP", "WebFetch", "WebSearch", "TodoWrite", "TaskCreate", "TaskGet", "TaskList", "TaskUpdate",
        "AskUserQuestion", "EnterPlanMode", "ExitPlanMode", "ToolSearch", "ListMcpResourcesTool", "ReadMcpResourceTool", "Skill", "StructuredOutput",
    };

    private readonly Dictionary<string, string> _running = new(StringComparer.Ordinal);

    /// <summary>Takes in an <c>assistant</c> line.</summary>
    public void Started(JsonElement line)
    {
        foreach (var block in Blocks(line, "tool_use"))
        {
            if (block.Text("id") is { } id && block.Text("name") is { } name && !Reading.Contains(name) && !name.StartsWith(Fleet, StringComparison.Ordinal))
            {
                _running[id] = name;
            }
        }
    }

    /// <summary>Takes in a <c>user</c> line; returns the tools that it ends.</summary>
    public IReadOnlyList<string> Ended(JsonElement line)
    {
        var ended = new List<string>();
        foreach (var block in Blocks(line, "tool_result"))
        {
            if (block.Text("tool_use_id") is { } id && _running.Remove(id, out var name))
            {
                ended.Add(name);
            }
        }

        return ended;
    }

    private static IEnumerable<JsonElement> Blocks(JsonElement line, string type) =>
        line.Member("message")?.Items("content").Where(block => block.Text("type") == type) ?? [];
}
