using System.Collections.Concurrent;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>Lets readers wait for the next commit that appended events. It knows the commits of this process.</summary>
internal sealed class EventFeed : IDisposable
{
    private readonly IStore _store;
    private readonly ConcurrentDictionary<Guid, Signal> _signals = new();

    public EventFeed(IStore store)
    {
        _store = store;
        store.EventsCommitted += Tell;
    }

    /// <summary>Ends as soon as the organization's log goes past <paramref name="sequence"/>; at once when it has.</summary>
    public async Task WaitPastAsync(Guid organizationId, long sequence, CancellationToken cancellationToken)
    {
        var signal = _signals.GetOrAdd(organizationId, _ => new Signal());
        if (!signal.IsKnown)
        {
            // Asked after the signal is in place: a commit in between is seen by one of the two.
            signal.Advance(await _store.ReadAsync(organizationId, EventLog.LastSequenceAsync, cancellationToken));
        }

        await signal.WaitPastAsync(sequence, cancellationToken);
    }

    public void Dispose() => _store.EventsCommitted -= Tell;

    private void Tell(Guid organizationId, long lastSequence) => _signals.GetOrAdd(organizationId, _ => new Signal()).Advance(lastSequence);

    private sealed class Signal
    {
        private readonly Lock _lock = new();
        private TaskCompletionSource _advanced = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _last = -1;

        public bool IsKnown => Volatile.Read(ref _last) >= 0;

        public void Advance(long sequence)
        {
            TaskCompletionSource advanced;
            lock (_lock)
            {
                // Commits may be told out of order; the highest tells of all before it.
                if (sequence <= _last)
                {
                    return;
                }

                Volatile.Write(ref _last, sequence);
                advanced = _advanced;
                _advanced = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            advanced.SetResult();
        }

        public async Task WaitPastAsync(long sequence, CancellationToken cancellationToken)
        {
            while (true)
            {
                Task advanced;
                lock (_lock)
                {
                    if (_last > sequence)
                    {
                        return;
                    }

                    advanced = _advanced.Task;
                }

                await advanced.WaitAsync(cancellationToken);
            }
        }
    }
}
