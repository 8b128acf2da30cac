namespace AgentVine.Runtimes.Transcripts;

/// <summary>Copies lines, no more than a transcript may have.</summary>
internal static class TranscriptFile
{
    private const int Chunk = 64 * 1024;

    /// <summary>Copies what <paramref name="source"/> has now, up to the last line that ends; returns how much that is.</summary>
    public static async Task<long> CopyLinesAsync(FileStream source, Stream destination, CancellationToken cancellationToken)
    {
        var end = await EndOfLinesAsync(source, cancellationToken);
        source.Position = 0;
        await CopyAsync(source, destination, end, cancellationToken);
        return end;
    }

    /// <summary>Copies all of <paramref name="source"/>.</summary>
    public static async Task CopyAllAsync(Stream source, Stream destination, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        var total = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            RequireFits(total += read);
            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static async Task<long> EndOfLinesAsync(FileStream source, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        for (var end = source.Length; end > 0;)
        {
            RequireFits(end);
            var start = Math.Max(0, end - Chunk);
            source.Position = start;
            var read = await source.ReadAtLeastAsync(buffer.AsMemory(0, (int)(end - start)), (int)(end - start), throwOnEndOfStream: false, cancellationToken);
            if (buffer.AsSpan(0, read).LastIndexOf((byte)'\n') is >= 0 and var at)
            {
                return start + at + 1;
            }

            end = start;
        }

        return 0;
    }

    private static async Task CopyAsync(FileStream source, Stream destination, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[Chunk];
        for (var left = length; left > 0;)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, left)), cancellationToken);
            if (read == 0)
            {
                throw new TranscriptException("The transcript became shorter while it was copied; the next copy may go better.");
            }

            await destination.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }
    }

    private static void RequireFits(long length)
    {
        if (length > IAgentTranscripts.Longest)
        {
            throw new TranscriptException(
                $"The transcript has more than the {IAgentTranscripts.Longest} bytes that are kept. Let the agent begin a new session.");
        }
    }
}
