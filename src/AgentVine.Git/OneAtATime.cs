using System.Diagnostics.CodeAnalysis;

namespace AgentVine.Git;

/// <summary>Lets one caller in at a time, in this process.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing to dispose of.")]
internal sealed class OneAtATime
{
    private readonly SemaphoreSlim _place = new(1, 1);

    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await _place.WaitAsync(cancellationToken);
        return new Place(_place);
    }

    public IDisposable? TryEnter() => _place.Wait(0) ? new Place(_place) : null;

    private sealed class Place(SemaphoreSlim place) : IDisposable
    {
        public void Dispose() => place.Release();
    }
}
