using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>A call's messages as scripts see them.</summary>
internal sealed class Conversation
{
    // So Claude Code tells the model, as the system, of what the user says while a turn runs.
    private const string MidTurn = "The user sent a new message while you were working:\n";
    private const string MidTurnEnd = "\n\nThis is how Claude Code surfaces messages";

    private readonly List<string> _userTexts = [];
    private readonly List<string> _assistantTexts = [];
    private readonly List<string> _toolResults = [];

    public Conversation(JsonElement body)
    {
        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                Read(message);
                MessageCount++;
            }
        }
    }

    public IReadOnlyList<string> UserTexts => _userTexts;

    public IReadOnlyList<string> AssistantTexts => _assistantTexts;

    public IReadOnlyList<string> ToolResults => _toolResults;

    public int MessageCount { get; private set; }

    /// <summary>The newest tag of the user's texts; null when there is none.</summary>
    public string? Tag { get; private set; }

    /// <summary>The text that holds <see cref="Tag"/>.</summary>
    public string Prompt { get; private set; } = string.Empty;

    /// <summary>Assistant messages since <see cref="Prompt"/>.</summary>
    public int Step { get; private set; }

    private void Read(JsonElement message)
    {
        var content = message.GetProperty("content");
        switch (message.GetProperty("role").GetString())
        {
            case "assistant":
                Step++;
                _assistantTexts.AddRange(Texts(content));
                break;
            case "user":
                Texts(content).ToList().ForEach(Hear);
                _toolResults.AddRange(Blocks(content).Where(block => Type(block) == "tool_result").Select(ResultText));
                break;
            case "system":
                Texts(content).Where(text => text.StartsWith(MidTurn, StringComparison.Ordinal)).Select(Unwrap).ToList().ForEach(Hear);
                break;
        }
    }

    private void Hear(string text)
    {
        _userTexts.Add(text);
        if (ScriptTag.Find(text) is { } tag)
        {
            (Tag, Prompt, Step) = (tag, text, 0);
        }
    }

    private static string Unwrap(string text)
    {
        var end = text.IndexOf(MidTurnEnd, StringComparison.Ordinal);
        return text[MidTurn.Length..(end < 0 ? text.Length : end)];
    }

    private static string ResultText(JsonElement block) =>
        block.TryGetProperty("content", out var content) ? string.Join('\n', Texts(content)) : string.Empty;

    private static IEnumerable<string> Texts(JsonElement content) => content.ValueKind == JsonValueKind.String
        ? [content.GetString()!]
        : Blocks(content).Where(block => Type(block) == "text").Select(block => block.GetProperty("text").GetString()!);

    private static JsonElement.ArrayEnumerator Blocks(JsonElement content) =>
        content.ValueKind == JsonValueKind.Array ? content.EnumerateArray() : default;

    private static string? Type(JsonElement block) => block.TryGetProperty("type", out var type) ? type.GetString() : null;
}
