namespace AgentVine.Engine.Tasks.Queue;

/// <summary>
/// Wakes waiting claims. A claim registers before it looks for work, so an order that becomes ready in between wakes it; each
/// ready order wakes one claim that takes its lane, and a claim that goes away after it was woken hands the wake on.
/// </summary>
internal sealed class QueueSignal
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>How many claims sleep until there is work.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiters.Count(waiter => waiter.Sleeps);
            }
        }
    }

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
            Wake(lane, _waiters.First);
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

    private static void Wake(string lane, LinkedListNode<Waiter>? from)
    {
        while (from is not null && !from.Value.TryWake(lane))
        {
            from = from.Next;
        }
    }

    internal sealed class Waiter(QueueSignal owner, IReadOnlyList<string> lanes) : IDisposable
    {
        private TaskCompletionSource<string?>? _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // The lane that this claim was woken for and has not looked into to the end.
        private string? _owes;

        internal bool Sleeps { get; private set; }

        /// <summary>Completes when there is work to look for, or at the end of <paramref name="wait"/>.</summary>
        /// <returns>False at the end of the wait.</returns>
        public async Task<bool> WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
        {
            lock (owner._gate)
            {
                Sleeps = true;
            }

            string? lane;
            try
            {
                lane = await _woken!.Task.WaitAsync(wait, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }

            // The next wake is for the next look.
            lock (owner._gate)
            {
                _owes = lane;
                _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);
                Sleeps = false;
            }

            return true;
        }

        /// <summary>The look that the last wake was for came to its end; where it did not look into that lane, another claim may.</summary>
        public void Looked(IReadOnlyList<string> lanesLookedInto)
        {
            if (_owes is { } lane && !lanesLookedInto.Contains(lane))
            {
                HandOn();
            }

            _owes = null;
        }

        /// <summary>This claim may not take what it was woken for: the wake goes to the next in line, never back to the front.</summary>
        public void HandOn()
        {
            lock (owner._gate)
            {
                if (_owes is { } lane)
                {
                    _owes = null;
                    Wake(lane, owner._waiters.Find(this)?.Next);
                }
            }
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

            if (_owes is { } owed)
            {
                owner.Wake(owed);
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
