using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Reads UTF-8 lines of a program that is not to be trusted with this program's memory: what a line has beyond
/// <paramref name="longest"/> bytes is left out, with a mark that says so.
/// </summary>
internal sealed class BoundedLineReader(Stream stream, int longest)
{
    /// <summary>The longest line of an agent that is kept.</summary>
    public const int Longest = 1 << 20;

    private readonly byte[] _buffer = new byte[32 * 1024];
    private readonly ArrayBufferWriter<byte> _line = new();
    private int _start;
    private int _end;

    /// <summary>The next line without its end, null after the last one, which need not be ended.</summary>
    public async ValueTask<string?> ReadAsync(CancellationToken cancellationToken)
    {
        _line.ResetWrittenCount();
        var leftOut = 0L;
        while (true)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                return _line.WrittenCount == 0 && leftOut == 0 ? null : Take(leftOut);
            }

            var newLine = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            var part = _buffer.AsSpan(_start, newLine < 0 ? _end - _start : newLine);
            var room = Math.Min(part.Length, longest - _line.WrittenCount);
            _line.Write(part[..room]);
            leftOut += part.Length - room;
            _start += part.Length;
            if (newLine >= 0)
            {
                _start++;
                return Take(leftOut);
            }
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _start = 0;
        _end = await stream.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }

    private string Take(long leftOut)
    {
        var line = _line.WrittenSpan;
        if (leftOut > 0)
        {
            var kept = Encoding.UTF8.GetString(line);
            return string.Create(CultureInfo.InvariantCulture, $"{kept}… [line cut at {longest} bytes: {leftOut} more were left out]");
        }

        return Encoding.UTF8.GetString(line is [.., (byte)'\r'] ? line[..^1] : line);
    }
}
