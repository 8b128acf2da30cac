using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentVine.ScriptedModel;

/// <summary>
/// Answers calls with what was recorded: the first exchange not yet played whose conversation is the same, or else began alike and is as
/// long. The folder that the agent works in now takes the place of the one in the record.
/// </summary>
internal sealed class ExchangePlayer
{
    private static readonly string[] OfTheConnection = ["Connection", "Transfer-Encoding", "Content-Length", "Keep-Alive", "Date", "Server"];
    private readonly Lock _gate = new();
    private readonly List<(RecordedExchange Exchange, RecordedCall Call)> _exchanges;
    private readonly HashSet<RecordedExchange> _played = new(ReferenceEqualityComparer.Instance);

    public ExchangePlayer(string folder) =>
        _exchanges = [.. RecordedExchange.ReadAll(folder).Select(exchange => (exchange, RecordedCall.Of(exchange.Path, exchange.Sent)))];

    public async Task AnswerAsync(HttpContext http, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, cancellationToken);
        var call = RecordedCall.Of(http.Request.Path, body.ToArray());
        if (Take(http.Request.Method, http.Request.Path, call) is not { } found)
        {
            var words = $"replay: none of the {_exchanges.Count} recorded exchanges answers this call of {http.Request.Path}";
            await ReplySender.WriteErrorAsync(http, new StatusReply(StatusCodes.Status404NotFound, "not_found_error", words), cancellationToken);
            return;
        }

        var (exchange, recorded) = found;
        http.Response.StatusCode = exchange.Status;
        foreach (var (name, value) in exchange.Headers.Where(header => !OfTheConnection.Contains(header.Name, StringComparer.OrdinalIgnoreCase)))
        {
            http.Response.Headers.Append(name, value);
        }

        foreach (var piece in Pieces(http.Response, exchange, recorded.Folder, call.Folder))
        {
            await http.Response.Body.WriteAsync(piece, cancellationToken);
            await http.Response.Body.FlushAsync(cancellationToken);
        }

        if (!exchange.IsWhole)
        {
            http.Abort();
        }
    }

    // What was played is played again once nothing else fits: a task can be tried anew.
    private (RecordedExchange Exchange, RecordedCall Call)? Take(string method, string path, RecordedCall call)
    {
        lock (_gate)
        {
            var fitting = _exchanges.Where(it => it.Exchange.Method == method && it.Exchange.Path == path).ToList();
            var same = fitting.Where(it => it.Call.Exact == call.Exact);
            var alike = fitting.Where(it => it.Call.Alike == call.Alike);
            var ranked = same.Concat(alike).ToList();
            var found = ranked.FindIndex(it => !_played.Contains(it.Exchange));
            if (ranked.Count == 0)
            {
                return null;
            }

            var taken = ranked[Math.Max(0, found)];
            _played.Add(taken.Exchange);
            return taken;
        }
    }

    private static IReadOnlyList<byte[]> Pieces(HttpResponse response, RecordedExchange exchange, string? from, string? to)
    {
        if (from is null || to is null || from == to)
        {
            return exchange.Pieces;
        }

        var whole = exchange.Pieces.SelectMany(piece => piece).ToArray();
        var text = Encoding.UTF8.GetString(Decoded(whole, response.Headers.ContentEncoding.ToString()));
        response.Headers.ContentEncoding = default;
        return [Encoding.UTF8.GetBytes(AnswerText.Replace(text, from, to))];
    }

    private static byte[] Decoded(byte[] bytes, string encoding)
    {
        using var coded = new MemoryStream(bytes);
        using Stream decoder = encoding switch
        {
            "gzip" => new GZipStream(coded, CompressionMode.Decompress),
            "br" => new BrotliStream(coded, CompressionMode.Decompress),
            "deflate" => new ZLibStream(coded, CompressionMode.Decompress),
            _ => coded,
        };
        using var decoded = new MemoryStream();
        decoder.CopyTo(decoded);
        return decoded.ToArray();
    }
}
