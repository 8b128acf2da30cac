namespace AgentVine.Git.Mirrors;

/// <summary>One holder at a time, among the callers here and among processes. The system frees it when its process dies, however that dies.</summary>
internal sealed class FolderLock(string path, TimeProvider timeProvider)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    private readonly OneAtATime _here = new();

    public async Task<IDisposable> AcquireAsync(CancellationToken cancellationToken)
    {
        var here = await _here.EnterAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (TryOpen() is { } file)
                {
                    return new Held(file, here);
                }

                await Task.Delay(Pause, timeProvider, cancellationToken);
            }
        }
        catch
        {
            here.Dispose();
            throw;
        }
    }

    private FileStream? TryOpen()
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure) when (IsHeldByOther(failure))
        {
            return null;
        }
    }

    // EWOULDBLOCK of flock on Linux and on macOS, ERROR_SHARING_VIOLATION on Windows.
    private static bool IsHeldByOther(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);

    private sealed class Held(FileStream file, IDisposable here) : IDisposable
    {
        public void Dispose()
        {
            file.Dispose();
            here.Dispose();
        }
    }
}
