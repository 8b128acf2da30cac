using System.Globalization;
using System.Text.Json;
using AgentVine.Contracts.Executions;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Says of each line of Claude Code's output what it is and what a person reads of it.</summary>
internal static class ClaudeOutput
{
    private const int ResultLength = 16_000;

    public static (OutputKind Kind, string? Text) Describe(JsonElement line) => line.Text("type") switch
    {
        "assistant" => Assistant(line),
        "user" => User(line),
        "result" => (OutputKind.Result, ResultText(line)),
        "system" => System(line),
        _ => (OutputKind.System, null),
    };

    private static (OutputKind Kind, string? Text) Assistant(JsonElement line)
    {
        var blocks = line.Member("message")?.Items("content").Select(Block).ToList() ?? [];
        var text = string.Join('\n', blocks.Select(block => block.Text).Where(text => !string.IsNullOrEmpty(text)));
        var kind = line.Flag("is_api_error_message") ? OutputKind.Note : blocks.Count > 0 ? blocks[0].Kind : OutputKind.System;
        return (kind, text.Length == 0 ? null : text);
    }

    private static (OutputKind Kind, string? Text) Block(JsonElement block) => block.Text("type") switch
    {
        "text" => (OutputKind.Text, block.Text("text")),
        "thinking" => (OutputKind.Thinking, block.Text("thinking")),
        "redacted_thinking" => (OutputKind.Thinking, null),
        "tool_use" => (OutputKind.ToolUse, ClaudeToolSummary.Line(block.Text("name") ?? "tool", block.Member("input"))),
        _ => (OutputKind.System, null),
    };

    private static (OutputKind Kind, string? Text) User(JsonElement line)
    {
        var results = line.Member("message")?.Items("content").Where(block => block.Text("type") == "tool_result").ToList() ?? [];
        return results.Count == 0
            ? (OutputKind.System, null)
            : (OutputKind.ToolResult, ClaudeText.Cut(string.Join('\n', results.Select(ToolResult)), ResultLength));
    }

    private static string ToolResult(JsonElement block) => block.Member("content") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray().Select(part => part.Text("text") ?? $"[{part.Text("type")}]")),
        _ => string.Empty,
    };

    private static string? ResultText(JsonElement line) =>
        line.Text("result") is { Length: > 0 } text ? text
        : ClaudeOutcome.IsAborted(line) ? "The turn was interrupted."
        : string.Join('\n', line.Texts("errors")) is { Length: > 0 } errors ? errors : null;

    private static (OutputKind Kind, string? Text) System(JsonElement line) => line.Text("subtype") switch
    {
        "api_retry" => (OutputKind.Note, Retry(line)),
        "compact_boundary" => (OutputKind.Note, "The conversation was compacted."),
        "informational" => (OutputKind.System, line.Text("content")),
        _ => (OutputKind.System, null),
    };

    private static string Retry(JsonElement line)
    {
        var answer = line.Member("error_status") is { } status ? $"answered {status}" : "did not answer";
        var seconds = line.Amount("retry_delay_ms") / 1000;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"model API {answer}, retry {line.Number("attempt")} of {line.Number("max_retries")} in {seconds:0.0} s");
    }
}
