using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// The file of one exchange: JSON lines for the call's head, its body, the answer's head, and its pieces with their times; last, how it ended.
/// A piece that is no text is in Base64.
/// </summary>
internal sealed class ExchangeRecord : IDisposable
{
    private const string Blot = "[taken out]";
    private static readonly HashSet<string> Secret = new(StringComparer.OrdinalIgnoreCase) { "x-api-key", "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie" };
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly long _begunAt;
    private bool _isOver;
    private bool _isFull;

    public ExchangeRecord(string path, string method, string target, IHeaderDictionary headers, TimeProvider time)
    {
        (_time, _begunAt) = (time, time.GetTimestamp());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        Write(new { request = new { at = time.GetUtcNow(), method, target, headers = Without(headers.Select(header => (header.Key, header.Value.ToString()))) } });
    }

    /// <summary>A body that is written down as it is read.</summary>
    public Stream Copying(Stream body) => new CopyingStream(body, this);

    public void Answer(HttpResponseMessage answer) => Write(new
    {
        response = new
        {
            after_ms = Elapsed,
            status = (int)answer.StatusCode,
            headers = Without(answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated).Select(header => (header.Key, header.Value.ToString()))),
        },
    });

    public void Received(ReadOnlySpan<byte> piece)
    {
        if (Text(piece) is { } text)
        {
            Write(new { receive = text, after_ms = Elapsed });
        }
        else
        {
            Write(new { receive_base64 = Convert.ToBase64String(piece), after_ms = Elapsed });
        }
    }

    /// <summary>The answer came to its end.</summary>
    public void End() => End("whole");

    /// <summary>Without <see cref="End()"/> before it, the exchange was cut.</summary>
    public void Dispose()
    {
        End("cut");
        lock (_gate)
        {
            try
            {
                _file.Dispose();
            }
            catch (IOException)
            {
                // What was not yet written goes to the full disk only here.
                _isFull = true;
            }
        }
    }

    private long Elapsed => (long)_time.GetElapsedTime(_begunAt).TotalMilliseconds;

    private void End(string how)
    {
        if (!Interlocked.Exchange(ref _isOver, true))
        {
            Write(new { end = how, after_ms = Elapsed });
        }
    }

    private void Sent(ReadOnlySpan<byte> piece)
    {
        if (Text(piece) is { } text)
        {
            Write(new { send = text });
        }
        else
        {
            Write(new { send_base64 = Convert.ToBase64String(piece) });
        }
    }

    private static string? Text(ReadOnlySpan<byte> piece)
    {
        try
        {
            return Strict.GetString(piece);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static string[][] Without(IEnumerable<(string Name, string Value)> headers) =>
        [.. headers.Select(header => new[] { header.Name, Secret.Contains(header.Name) ? Blot : header.Value })];

    // A full disk costs the record, and not the call; a file without its end is not played.
    private void Write(object line)
    {
        lock (_gate)
        {
            if (_isFull || !_file.CanWrite)
            {
                return;
            }

            try
            {
                _file.Write(JsonSerializer.SerializeToUtf8Bytes(line));
                _file.Write("\n"u8);
            }
            catch (IOException)
            {
                _isFull = true;
            }
        }
    }

    private sealed class CopyingStream(Stream body, ExchangeRecord record) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            if (read > 0)
            {
                record.Sent(buffer.Span[..read]);
            }

            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
