using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>A call's messages as scripts see them.</summary>
internal sealed class Conversation
{
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
        var role = message.GetProperty("role").GetString();
        if (role == "assistant")
        {
            Step++;
            _assistantTexts.AddRange(Texts(message.GetProperty("content")));
        }
        else if (role == "user")
        {
            ReadUser(message.GetProperty("content"));
        }
    }

    private void ReadUser(JsonElement content)
    {
        foreach (var text in Texts(content))
        {
            _userTexts.Add(text);
            if (ScriptTag.Find(text) is { } tag)
            {
                (Tag, Prompt, Step) = (tag, text, 0);
            }
        }

        if (content.ValueKind == JsonValueKind.Array)
        {
            _toolResults.AddRange(content.EnumerateArray().Where(block => Type(block) == "tool_result").Select(ResultText));
        }
    }

    private static string ResultText(JsonElement block) =>
        block.TryGetProperty("content", out var content) ? string.Join('\n', Texts(content)) : string.Empty;

    private static IEnumerable<string> Texts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().Where(block => Type(block) == "text").Select(block => block.GetProperty("text").GetString()!),
        _ => [],
    };

    private static string? Type(JsonElement block) => block.TryGetProperty("type", out var type) ? type.GetString() : null;
}
