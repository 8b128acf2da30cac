namespace AgentVine.Engine.Executions;

/// <summary>A stream that can be asked whether there is anything in it before it is read.</summary>
internal sealed class FirstByte(Stream source) : Stream
{
    private readonly byte[] _first = new byte[1];
    private int _held;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public async Task<bool> AnyAsync(CancellationToken cancellationToken)
    {
        _held = await source.ReadAsync(_first, cancellationToken);
        return _held > 0;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_held == 0 || buffer.IsEmpty)
        {
            return source.ReadAsync(buffer, cancellationToken);
        }

        _held = 0;
        buffer.Span[0] = _first[0];
        return ValueTask.FromResult(1);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
