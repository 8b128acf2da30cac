using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Engine.Tests.Http;

/// <summary>An HTTP/1.1 answer as it came over the wire.</summary>
public sealed record RawReply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Code => Body.Length == 0 ? null : JsonSerializer.Deserialize<Problem>(Body, VineJson.Options)!.Code;

    public static async Task<RawReply> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = await HeadAsync(stream, cancellationToken);
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(pair => pair[0], pair => pair[^1], StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        return new RawReply(status, headers, await BodyAsync(stream, headers, cancellationToken));
    }

    private static async Task<string> HeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (!(bytes.Count >= 4 && bytes[^4..].SequenceEqual("\r\n\r\n"u8.ToArray())))
        {
            if (await stream.ReadAsync(one, cancellationToken) == 0)
            {
                throw new EndOfStreamException($"The connection ended after '{Encoding.Latin1.GetString([.. bytes])}'.");
            }

            bytes.Add(one[0]);
        }

        return Encoding.Latin1.GetString([.. bytes]);
    }

    private static async Task<string> BodyAsync(Stream stream, Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.TryGetValue("Content-Length", out var length))
        {
            var body = new byte[int.Parse(length, CultureInfo.InvariantCulture)];
            await stream.ReadExactlyAsync(body, cancellationToken);
            return Encoding.UTF8.GetString(body);
        }

        if (!headers.ContainsKey("Transfer-Encoding"))
        {
            return "";
        }

        var text = new StringBuilder();
        while (await ChunkAsync(stream, cancellationToken) is { Length: > 0 } chunk)
        {
            text.Append(chunk);
        }

        return text.ToString();
    }

    private static async Task<string> ChunkAsync(Stream stream, CancellationToken cancellationToken)
    {
        var size = new StringBuilder();
        var one = new byte[1];
        while (!size.ToString().EndsWith("\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, cancellationToken);
            size.Append((char)one[0]);
        }

        var chunk = new byte[int.Parse(size.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) + 2];
        await stream.ReadExactlyAsync(chunk, cancellationToken);
        return Encoding.UTF8.GetString(chunk.AsSpan(..^2));
    }
}
