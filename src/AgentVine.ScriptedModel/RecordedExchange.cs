using System.Text;
using System.Text.Json;

namespace AgentVine.ScriptedModel;

/// <summary>One exchange between an agent program and a model, as a worker's gateway wrote it down.</summary>
internal sealed record RecordedExchange
{
    private const string Extension = ".exchange.jsonl";

    public required string Method { get; init; }

    /// <summary>Without its query.</summary>
    public required string Path { get; init; }

    public required byte[] Sent { get; init; }

    public required int Status { get; init; }

    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    public required IReadOnlyList<byte[]> Pieces { get; init; }

    /// <summary>Whether the answer came to its end; else the connection was cut after the last piece.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>All exchanges of a folder, in the order in which they began. What was not written to its end is left out.</summary>
    /// <exception cref="IOException">The folder cannot be read, or holds no exchange.</exception>
    public static IReadOnlyList<RecordedExchange> ReadAll(string folder)
    {
        var exchanges = Directory.EnumerateFiles(folder, $"*{Extension}").Order(StringComparer.Ordinal).Select(Read).OfType<RecordedExchange>().ToList();
        return exchanges.Count > 0 ? exchanges : throw new FileNotFoundException($"There is no recorded exchange (*{Extension}) in {folder}.");
    }

    private static RecordedExchange? Read(string path)
    {
        using var sent = new MemoryStream();
        var pieces = new List<byte[]>();
        (JsonElement? request, JsonElement? response, string? end) = (null, null, null);
        foreach (var line in File.ReadLines(path))
        {
            if (Parse(line) is not { ValueKind: JsonValueKind.Object } entry)
            {
                break;
            }

            request ??= Member(entry, "request");
            response ??= Member(entry, "response");
            sent.Write(Bytes(entry, "send") ?? []);
            if (Bytes(entry, "receive") is { } piece)
            {
                pieces.Add(piece);
            }

            end ??= Member(entry, "end")?.GetString();
        }

        return end is null || request is not { } call || response is not { } answer ? null : new RecordedExchange
        {
            Method = call.GetProperty("method").GetString()!,
            Path = call.GetProperty("target").GetString()!.Split('?')[0],
            Sent = sent.ToArray(),
            Status = answer.GetProperty("status").GetInt32(),
            Headers = [.. answer.GetProperty("headers").EnumerateArray().Select(header => (header[0].GetString()!, header[1].GetString()!))],
            Pieces = pieces,
            IsWhole = end == "whole",
        };
    }

    // The last line of a recorder that was killed is none.
    private static JsonElement? Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonElement? Member(JsonElement entry, string name) => entry.TryGetProperty(name, out var member) ? member : null;

    private static byte[]? Bytes(JsonElement entry, string name) =>
        Member(entry, name) is { } text ? Encoding.UTF8.GetBytes(text.GetString()!)
        : Member(entry, $"{name}_base64") is { } coded ? coded.GetBytesFromBase64()
        : null;
}
