using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>The conversation that a step replies to.</summary>
public sealed record ScriptContext
{
    /// <summary>The script's name; empty for the reply to prompts without a tag.</summary>
    public required string Script { get; init; }

    /// <summary>From 0: assistant messages since the prompt that named the script.</summary>
    public required int Step { get; init; }

    /// <summary>From 1: how often this very call was made, counting the agent program's own retries.</summary>
    public required int Attempt { get; init; }

    /// <summary>The agent program's session.</summary>
    public required string? SessionId { get; init; }

    /// <summary>The model that was asked for.</summary>
    public required string? Model { get; init; }

    /// <summary>Every text block of the user's messages, in order, those that the agent program adds among them.</summary>
    public required IReadOnlyList<string> UserTexts { get; init; }

    /// <summary>Every text block of the assistant's messages, in order.</summary>
    public required IReadOnlyList<string> AssistantTexts { get; init; }

    /// <summary>Every tool result's text, in order.</summary>
    public required IReadOnlyList<string> ToolResults { get; init; }

    /// <summary>The tools that the call offers.</summary>
    public required IReadOnlyList<string> Tools { get; init; }

    /// <summary>The whole call, valid while the step is being made.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The prompt that named the script.</summary>
    public required string Prompt { get; init; }

    /// <summary>The newest tool result's text; empty when there is none.</summary>
    public string LastToolResult => ToolResults.Count == 0 ? string.Empty : ToolResults[^1];

    /// <summary>The newest text of the user; empty when there is none.</summary>
    public string LastUserText => UserTexts.Count == 0 ? string.Empty : UserTexts[^1];
}
