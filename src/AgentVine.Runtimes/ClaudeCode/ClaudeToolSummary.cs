using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Says in words what a tool call does: the command, the path, the address.</summary>
internal static class ClaudeToolSummary
{
    private const int LineLength = 300;
    private const int WholeLength = 20_000;

    // The member of each tool's input that a person wants to see, the most telling first.
    private static readonly string[] Telling =
        ["command", "file_path", "notebook_path", "pattern", "url", "query", "skill", "description", "question", "message", "path", "prompt", "plan"];

    /// <summary>As in <c>Bash: echo hi</c>.</summary>
    public static string Line(string tool, JsonElement? input) => Whole(input) is { Length: > 0 } summary
        ? ClaudeText.Cut($"{tool}: {ClaudeText.FirstLine(summary)}", LineLength)
        : tool;

    /// <summary>The command or path by itself; empty for a tool without input.</summary>
    public static string Whole(JsonElement? input)
    {
        if (input is not { ValueKind: JsonValueKind.Object } members)
        {
            return string.Empty;
        }

        var telling = Telling.Select(name => members.Text(name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        return ClaudeText.Cut(telling ?? Compact(members), WholeLength);
    }

    private static string Compact(JsonElement members) => members.EnumerateObject().Any() ? members.GetRawText() : string.Empty;
}
