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

    private long SizeOf(string folder)
    {
        var sum = 0L;
        try
        {
            using var files = new Sizes(folder);
            while (files.MoveNext())
            {
                _over.Token.ThrowIfCancellationRequested();
                sum += files.Current;
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The folder itself is gone. What was counted before counts.
        }

        return sum;
    }

    // Links are not followed: what they lead to is not the attempt's. An agent deletes while this looks, and may make paths that are longer
    // than the system takes: what cannot be read is passed over, and nothing else with it.
    private sealed class Sizes(string folder) : FileSystemEnumerator<long>(folder, All)
    {
        protected override bool ShouldIncludeEntry(ref FileSystemEntry entry) => !entry.IsDirectory && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

        protected override bool ShouldRecurseIntoEntry(ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

        protected override long TransformEntry(ref FileSystemEntry entry) => entry.Length;

        protected override bool ContinueOnError(int error) => true;
    }
}
