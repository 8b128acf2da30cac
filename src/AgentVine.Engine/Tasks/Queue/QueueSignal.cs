namespace AgentVine.Engine.Tasks.Queue;

/// <summary>
/// Wakes waiting claims. A claim registers before it looks for work, so an order that becomes ready in between wakes it; each
/// ready order wakes one claim that takes its lane, and a claim that goes away after it was woken hands the wake on.
/// </summary>
internal sealed class QueueSignal
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();

    public Waiter Register(IReadOnlyList<string> lanes)
    {
        var waiter = new Waiter(this, lanes);
        lock (_gate)
        {
            _waiters.AddLast(waiter);
        }

        return waiter;
    }

    public void Wake(string lane)
    {
        lock (_gate)
        {
            for (var node = _waiters.First; node is not null; node = node.Next)
            {
                if (node.Value.TryWake(lane))
                {
                    return;
                }
            }
        }
    }

    /// <summary>Wakes everyone, for a look: after trouble whose wakes may be gone.</summary>
    public void WakeAll()
    {
        lock (_gate)
        {
            foreach (var waiter in _waiters)
            {
                waiter.TryWake(null);
            }
        }
    }

    internal sealed class Waiter(QueueSignal owner, IReadOnlyList<string> lanes) : IDisposable
    {
        private TaskCompletionSource<string?>? _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when there is work to look for, or at the end of <paramref name="wait"/>.</summary>
        /// <returns>False at the end of the wait.</returns>
        public async Task<bool> WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
        {
            try
            {
                await _woken!.Task.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }

            // The next wake is for the next look.
            lock (owner._gate)
            {
                _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return true;
        }

        public void Dispose()
        {
            Task<string?> woken;
            lock (owner._gate)
            {
                woken = _woken!.Task;
                _woken = null;
                owner._waiters.Remove(this);
            }

            if (woken is { IsCompleted: true, Result: { } lane })
            {
                owner.Wake(lane);
            }
        }

        internal bool TryWake(string? lane) =>
            _woken is { Task.IsCompleted: false } && (lane is null || lanes.Contains(lane)) && _woken.TrySetResult(lane);
    }
}
