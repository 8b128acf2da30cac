using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentVine.ScriptedModel;

/// <summary>What two runs of the same work have in common in a call: not its ids, folders, numbers and times.</summary>
internal sealed partial record RecordedCall
{
    private const string Reminder = "<system-reminder>";

    private RecordedCall(string path, JsonElement? body)
    {
        var texts = new List<string>();
        var begun = string.Empty;
        foreach (var message in body is { } call ? Messages(call) : [])
        {
            var words = Plain(string.Join('\n', Texts(message.Content).Where(text => !text.StartsWith(Reminder, StringComparison.Ordinal))));
            begun = begun.Length == 0 ? words : begun;
            texts.Add($"{message.Role}: {words}");
        }

        Exact = $"{path}\n{string.Join('\n', texts)}";
        Alike = $"{path}\n{texts.Count}\n{begun}";
    }

    /// <summary>The whole conversation.</summary>
    public string Exact { get; }

    /// <summary>How it began, and how long it is.</summary>
    public string Alike { get; }

    /// <summary>The agent's folder, where the call names one.</summary>
    public string? Folder { get; private init; }

    public static RecordedCall Of(string path, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var folder = FolderPattern().Match(Encoding.UTF8.GetString(body));
            return new RecordedCall(path, document.RootElement) { Folder = folder.Success ? folder.Groups["folder"].Value : null };
        }
        catch (JsonException)
        {
            return new RecordedCall(path, null);
        }
    }

    // What the agent program itself tells its model differs from machine to machine.
    private static IEnumerable<(string Role, JsonElement Content)> Messages(JsonElement call) =>
        call.ValueKind == JsonValueKind.Object && call.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
            ? messages.EnumerateArray().Select(message => (message.GetProperty("role").GetString()!, message.GetProperty("content"))).Where(message => message.Item1 is "user" or "assistant")
            : [];

    private static IEnumerable<string> Texts(JsonElement content) => content.ValueKind switch
    {
        JsonValueKind.String => [content.GetString()!],
        JsonValueKind.Array => content.EnumerateArray().SelectMany(block =>
            block.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? [text.GetString()!]
            : block.TryGetProperty("input", out var input) ? [input.GetRawText()]
            : block.TryGetProperty("content", out var inner) ? Texts(inner)
            : Enumerable.Empty<string>()),
        _ => [],
    };

    private static string Plain(string text) => Numbers().Replace(Hexadecimals().Replace(Folders().Replace(text, "/"), "#"), "0");

    [GeneratedRegex(@"[Ww]orking directory(?: is|:) (?<folder>/[^""\\\n,]+)", RegexOptions.CultureInvariant)]
    private static partial Regex FolderPattern();

    [GeneratedRegex(@"(?:[\\/]+[\w.@+~-]+)+[\\/]+", RegexOptions.CultureInvariant)]
    private static partial Regex Folders();

    [GeneratedRegex(@"\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\b[0-9a-f]{7,}\b", RegexOptions.CultureInvariant)]
    private static partial Regex Hexadecimals();

    [GeneratedRegex(@"\d+", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
