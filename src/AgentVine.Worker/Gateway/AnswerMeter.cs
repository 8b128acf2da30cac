using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// Reads a copy of an answer beside its way to the agent, whatever its compression. A body that it cannot read costs nothing but its
/// metering; one that it is far behind with is waited for, so that memory stays bounded.
/// </summary>
internal sealed partial class AnswerMeter
{
    private const int FurthestBehind = 1024 * 1024;
    private readonly Pipe _copy = new(new PipeOptions(pauseWriterThreshold: FurthestBehind, resumeWriterThreshold: FurthestBehind / 2, useSynchronizationContext: false));
    private readonly AnswerReader _reader = new();
    private readonly ILogger _logger;
    private readonly bool _isEvents;
    private readonly Task _reading;
    private bool _over;

    /// <param name="answer">The answer's head.</param>
    /// <param name="logger">Hears of bodies that cannot be read.</param>
    public AnswerMeter(HttpResponseMessage answer, ILogger logger)
    {
        (Answer, _logger) = (answer, logger);
        _isEvents = Header("Content-Type").StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);
        var encodings = Header("Content-Encoding").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        _reading = Task.Run(() => ReadAsync(encodings));
    }

    /// <summary>The head of what is read.</summary>
    public HttpResponseMessage Answer { get; }

    /// <summary>Hands over a piece that has been passed on.</summary>
    public async ValueTask AddAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (!_over)
        {
            _over = (await _copy.Writer.WriteAsync(piece, cancellationToken)).IsCompleted;
        }
    }

    /// <summary>No more comes, because it is all or because it was cut: what has been read.</summary>
    public async Task<AnswerReading> EndAsync()
    {
        await _copy.Writer.CompleteAsync();
        await _reading;
        return _reader.Reading;
    }

    // As it came: what parses a header may write it anew, and it is the agent's.
    private string Header(string name) => Answer.Content.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : string.Empty;

    private async Task ReadAsync(IReadOnlyList<string> encodings)
    {
        try
        {
            await using var body = Decoded(_copy.Reader.AsStream(), encodings);
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer)) > 0)
            {
                if (_isEvents)
                {
                    _reader.ReadEvents(buffer.AsSpan(0, read));
                }
                else
                {
                    _reader.ReadObject(buffer.AsSpan(0, read));
                }
            }

            if (_isEvents)
            {
                _reader.ReadEvents("\n"u8);
            }
            else if (Answer.StatusCode != HttpStatusCode.NoContent)
            {
                _reader.EndObject();
            }
        }
        catch (Exception fault)
        {
            // Cut within a compressed piece, or not what its head says. What came before it counts.
            LogUnreadable(fault.Message);
        }
        finally
        {
            await _copy.Reader.CompleteAsync();
        }
    }

    private static Stream Decoded(Stream body, IReadOnlyList<string> encodings) => encodings.Reverse().Aggregate(body, (coded, encoding) => encoding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(coded, CompressionMode.Decompress),
        "br" => new BrotliStream(coded, CompressionMode.Decompress),
        "deflate" => new ZLibStream(coded, CompressionMode.Decompress),
        "identity" => coded,
        _ => throw new NotSupportedException($"Its encoding is '{encoding}'."),
    });

    [LoggerMessage(Level = LogLevel.Debug, Message = "An answer to a model call could be metered up to a point only: {Reason}")]
    private partial void LogUnreadable(string reason);
}
