using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>
/// Reads standard output line by line. Lines of any sensible length are parsed whole (a picture in a tool's result takes megabytes);
/// what is kept of one as text is bounded, and one beyond all sense is passed over rather than gathered in memory.
/// </summary>
internal sealed class ClaudeLineReader(
    Stream stream,
    int keptBytes = ClaudeLineReader.DefaultKeptBytes,
    long longestLine = ClaudeLineReader.DefaultLongestLine)
{
    public const int DefaultKeptBytes = 4 * 1024 * 1024;
    public const long DefaultLongestLine = 256L * 1024 * 1024;

    private static readonly StreamPipeReaderOptions Buffers = new(bufferSize: 64 * 1024);
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 512 };

    private long _scanned;
    private long _skipped;
    private string _skippedStart = string.Empty;

    /// <summary>Every line with content, until the stream ends.</summary>
    public async IAsyncEnumerable<ClaudeLine> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream, Buffers);
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var buffer = result.Buffer;
            while (NextEnd(buffer) is { } end)
            {
                if (Line(buffer.Slice(0, end)) is { } line)
                {
                    yield return line;
                }

                buffer = buffer.Slice(buffer.GetPosition(1, end));
                _scanned = 0;
            }

            _scanned = buffer.Length;
            if (_skipped > 0 || buffer.Length > longestLine)
            {
                Skip(ref buffer);
            }

            if (result.IsCompleted)
            {
                if (Line(buffer) is { } last)
                {
                    yield return last;
                }

                await reader.CompleteAsync();
                yield break;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private SequencePosition? NextEnd(in ReadOnlySequence<byte> buffer) => buffer.Slice(_scanned).PositionOf((byte)'\n');

    private void Skip(ref ReadOnlySequence<byte> buffer)
    {
        if (_skipped == 0)
        {
            _skippedStart = Encoding.UTF8.GetString(buffer.Slice(0, Math.Min(1000, buffer.Length)));
        }

        _skipped += buffer.Length;
        buffer = buffer.Slice(buffer.End);
        _scanned = 0;
    }

    private ClaudeLine? Line(in ReadOnlySequence<byte> bytes)
    {
        if (_skipped > 0)
        {
            var all = _skipped + bytes.Length;
            _skipped = 0;
            return new ClaudeLine($"{_skippedStart}… [not read: a line of {all} bytes]", null);
        }

        var kept = Kept(bytes);
        return kept.AsSpan().Trim().IsEmpty ? null : new ClaudeLine(kept, Parse(bytes));
    }

    private string Kept(in ReadOnlySequence<byte> bytes) => bytes.Length <= keptBytes
        ? Encoding.UTF8.GetString(bytes).TrimEnd('\r')
        : $"{Encoding.UTF8.GetString(bytes.Slice(0, keptBytes)).TrimEnd('\uFFFD')}… [cut: a line of {bytes.Length} bytes]";

    private static JsonDocument? Parse(in ReadOnlySequence<byte> bytes)
    {
        try
        {
            var whole = bytes.ToArray();
            SurrogateEscapes.Mend(whole);
            return JsonDocument.Parse(whole, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
