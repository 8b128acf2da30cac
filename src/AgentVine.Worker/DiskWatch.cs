using System.IO.Enumeration;

namespace AgentVine.Worker;

/// <summary>Looks now and then how much disk an attempt's files take. A look takes as long as there are files, so the more, the rarer.</summary>
internal sealed class DiskWatch(long most, TimeProvider time) : IAsyncDisposable
{
    private const int PauseOverLook = 20;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    private static readonly EnumerationOptions All = new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = true,
    };

    private readonly CancellationTokenSource _exceeded = new();
    private readonly CancellationTokenSource _over = new();
    private Task _watching = Task.CompletedTask;

    /// <summary>Cancelled once they take more than they may.</summary>
    public CancellationToken Exceeded => _exceeded.Token;

    /// <summary>How much they took at the last look, in bytes.</summary>
    public long Used { get; private set; }

    /// <summary>Looks at <paramref name="folders"/> from here on.</summary>
    public void Begin(params IReadOnlyList<string> folders) => _watching = Task.Run(() => WatchAsync(folders));

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
        _exceeded.Dispose();
    }

    private async Task WatchAsync(IReadOnlyList<string> folders)
    {
        try
        {
            while (true)
            {
                var began = time.GetTimestamp();
                Used = folders.Sum(SizeOf);
                if (Used > most)
                {
                    await _exceeded.CancelAsync();
                    return;
                }

                var pause = time.GetElapsedTime(began) * PauseOverLook;
                await Task.Delay(pause > ShortestPause ? pause : ShortestPause, time, _over.Token);
            }
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // The attempt is over.
        }
    }

    // Links are not followed: what they lead to is not the attempt's. An agent deletes while this looks.
    private long SizeOf(string folder)
    {
        try
        {
            var files = new FileSystemEnumerable<long>(folder, (ref FileSystemEntry entry) => entry.Length, All)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
            };
            var sum = 0L;
            foreach (var size in files)
            {
                _over.Token.ThrowIfCancellationRequested();
                sum += size;
            }

            return sum;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
