using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentVine.Git.Repositories;

/// <summary>Copies text up to a bound; past it, ends after a whole line with a line that says so.</summary>
internal sealed class CutAtLine(Stream destination, long maxBytes)
{
    private const int Chunk = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _line = new();
    private long _written;

    public bool IsWhole { get; private set; }

    public async Task<bool> CopyAsync(Stream source, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (!await TakeAsync(buffer.AsMemory(0, read), cancellationToken))
            {
                return false;
            }
        }

        IsWhole = true;
        await FlushLineAsync(cancellationToken);
        return true;
    }

    private async Task<bool> TakeAsync(ReadOnlyMemory<byte> chunk, CancellationToken cancellationToken)
    {
        var room = maxBytes - _written - _line.WrittenCount;
        if (chunk.Length > room)
        {
            var last = chunk.Span[..(int)room].LastIndexOf((byte)'\n');
            if (last >= 0)
            {
                await FlushLineAsync(cancellationToken);
                await WriteAsync(chunk[..(last + 1)], cancellationToken);
            }

            await WriteAsync(Mark(), cancellationToken);
            return false;
        }

        var end = chunk.Span.LastIndexOf((byte)'\n');
        if (end >= 0)
        {
            await FlushLineAsync(cancellationToken);
            await WriteAsync(chunk[..(end + 1)], cancellationToken);
        }

        _line.Write(chunk.Span[(end + 1)..]);
        return true;
    }

    private async Task FlushLineAsync(CancellationToken cancellationToken)
    {
        await WriteAsync(_line.WrittenMemory, cancellationToken);
        _line.ResetWrittenCount();
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await destination.WriteAsync(bytes, cancellationToken);
        _written += bytes.Length;
    }

    private byte[] Mark() => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"\\ The diff is cut here, after {maxBytes} bytes. Fetch the branch to see all of it.\n"));
}
