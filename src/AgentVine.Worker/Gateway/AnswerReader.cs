using System.Buffers;
using System.Text.Json;
using AgentVine.Worker.Accounts;

namespace AgentVine.Worker.Gateway;

/// <summary>Reads usage and errors out of a model's answer: an event stream, or one object. What it cannot read it passes over.</summary>
internal sealed class AnswerReader
{
    /// <summary>Lines and objects beyond this are counted, and not read.</summary>
    public const int Longest = 512 * 1024;

    private const int BytesPerToken = 4;

    // What a delta's line holds around its text, about.
    private const int AroundDelta = 85;
    private readonly ArrayBufferWriter<byte> _line = new();
    private CallUsage? _usage;
    private string? _errorType;
    private string? _errorMessage;
    private long _written;
    private long _skipped;
    private bool _outputTold;
    private bool _whole;

    /// <summary>What has been read so far.</summary>
    public AnswerReading Reading => new()
    {
        Usage = _usage is null || _outputTold ? _usage : _usage with { Output = Math.Max(_usage.Output, _written / BytesPerToken) },
        IsWhole = _whole,
        ErrorType = _errorType,
        ErrorMessage = _errorMessage,
    };

    /// <summary>Takes in the next bytes of an event stream.</summary>
    public void ReadEvents(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Append(bytes[..end]);
            EndLine();
            bytes = bytes[(end + 1)..];
        }

        Append(bytes);
    }

    /// <summary>Takes in the next bytes of an answer in one piece.</summary>
    public void ReadObject(ReadOnlySpan<byte> bytes) => Append(bytes);

    /// <summary>The answer in one piece is over.</summary>
    public void EndObject()
    {
        if (_skipped > 0)
        {
            // Too long to be read: it is an answer, and so its length is the model's.
            _usage = new CallUsage { Output = (_line.WrittenCount + _skipped) / BytesPerToken };
            _outputTold = _whole = true;
            return;
        }

        Parse(_line.WrittenMemory, ReadWhole);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        var fits = (int)Math.Min(bytes.Length, Longest - _line.WrittenCount);
        _line.Write(bytes[..fits]);
        _skipped += bytes.Length - fits;
    }

    private void EndLine()
    {
        var line = _line.WrittenMemory;
        if (_skipped > 0)
        {
            _written += _line.WrittenCount + _skipped;
        }
        else if (line.Span.StartsWith("data:"u8))
        {
            Parse(line[5..], data => ReadEvent(data, line.Length));
        }

        _skipped = 0;
        _line.ResetWrittenCount();
    }

    private static void Parse(ReadOnlyMemory<byte> json, Action<JsonElement> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                read(document.RootElement);
            }
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // Another server's page, or half a line: there is nothing to meter in it.
            return;
        }
    }

    private void ReadEvent(JsonElement data, int length)
    {
        switch (Text(data, "type"))
        {
            case "message_start" when Member(data, "message") is { } message:
                Take(message);
                break;
            case "content_block_delta":
                _written += Math.Max(1, length - AroundDelta);
                break;
            case "message_delta":
                _outputTold |= Member(data, "usage") is { } usage && Number(usage, "output_tokens") is not null;
                Take(data);
                break;
            case "message_stop":
                _whole = true;
                break;
            case "error":
                ReadError(data);
                break;
        }
    }

    private void ReadWhole(JsonElement body)
    {
        if (Member(body, "usage") is not null)
        {
            Take(body);
            _outputTold = _whole = true;
        }

        ReadError(body);
    }

    private void ReadError(JsonElement body)
    {
        if (Member(body, "error") is { } error)
        {
            (_errorType, _errorMessage) = (Text(error, "type"), Text(error, "message"));
        }
    }

    // Counts are cumulative: a later one stands in the place of an earlier, unless it has nothing to say.
    private void Take(JsonElement message)
    {
        if (Member(message, "usage") is not { } usage)
        {
            return;
        }

        var known = _usage ?? new CallUsage();
        var created = Member(usage, "cache_creation");
        _usage = known with
        {
            Model = Text(message, "model") ?? known.Model,
            Input = Later(usage, "input_tokens", known.Input),
            Output = Later(usage, "output_tokens", known.Output),
            CacheRead = Later(usage, "cache_read_input_tokens", known.CacheRead),
            CacheWrite = Later(usage, "cache_creation_input_tokens", known.CacheWrite),
            CacheWriteHour = created is { } kept ? Later(kept, "ephemeral_1h_input_tokens", known.CacheWriteHour) : known.CacheWriteHour,
            WebSearches = Member(usage, "server_tool_use") is { } tools ? Later(tools, "web_search_requests", known.WebSearches) : known.WebSearches,
            IsFast = known.IsFast || Text(usage, "speed") == "fast",
            IsInUs = known.IsInUs || Text(usage, "inference_geo") == "us",
        };
    }

    private static long Later(JsonElement usage, string name, long before) => Number(usage, name) is > 0 and var number ? number : before;

    private static JsonElement? Member(JsonElement from, string name) =>
        from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    // A provider's count of billions is none; beyond that sums could run over.
    private static long? Number(JsonElement from, string name) =>
        from.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number) && number is >= 0 and < 1_000_000_000
            ? number
            : null;
}
