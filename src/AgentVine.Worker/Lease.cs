using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;

namespace AgentVine.Worker;

/// <summary>
/// A leased work order on the worker's side. It is good for its period from when its claim or newest renewal was sent, on a monotonic
/// clock; past that nothing that counts on it may leave the worker until a heartbeat renews it, or says that it is lost.
/// </summary>
internal sealed class Lease : IDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly Lock _gate = new();

    // Apart from the gate: who is told may take locks of its own, and ask for the lease under them.
    private readonly Lock _telling = new();
    private readonly List<Watcher> _watchers = [];
    private readonly TimeProvider _time;
    private readonly TimeSpan _period;
    private readonly ITimer _timer;
    private TaskCompletionSource _settled = Settled();
    private string? _sessionId;
    private DateTimeOffset _progressAt;
    private long _renewedAt;
    private bool _lapsed;
    private bool _disposed;

    /// <param name="order">What is leased.</param>
    /// <param name="sentAt">The timestamp of when the claim was sent.</param>
    /// <param name="time">The clock.</param>
    public Lease(WorkOrderView order, long sentAt, TimeProvider time)
    {
        (Order, _renewedAt, _time, _progressAt) = (order, sentAt, time, time.GetUtcNow());
        _period = TimeSpan.FromSeconds(order.LeaseSeconds);
        _timer = time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Look();
    }

    public WorkOrderView Order { get; }

    /// <summary>Cancelled when the server says that the order is another's.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether the period since the claim or the newest renewal is not over, by the clock of this moment.</summary>
    public bool IsGood
    {
        get
        {
            lock (_gate)
            {
                return Left > TimeSpan.Zero && !_lost.IsCancellationRequested;
            }
        }
    }

    private TimeSpan Left => _period - _time.GetElapsedTime(_renewedAt);

    /// <summary>The server renewed it with a heartbeat that was sent at the timestamp <paramref name="sentAt"/>.</summary>
    public void Renew(long sentAt)
    {
        lock (_gate)
        {
            _renewedAt = Math.Max(_renewedAt, sentAt);
        }

        Look();
    }

    /// <summary>Returns once the lease is good, or lost: the server has the last word then, and keeps what is sent without effect.</summary>
    public async Task WhenSettledAsync(CancellationToken cancellationToken)
    {
        while (!IsGood && !_lost.IsCancellationRequested)
        {
            Look();
            Task settled;
            lock (_gate)
            {
                if (_disposed)
                {
                    return;
                }

                settled = _settled.Task;
            }

            await settled.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Returns once the attempt may call its model, and is cancelled when it is to be stopped.</summary>
    public async Task MayCallAsync(CancellationToken cancellationToken)
    {
        await WhenSettledAsync(cancellationToken);
        if (_lost.IsCancellationRequested)
        {
            throw new OperationCanceledException("The lease of the attempt is lost.");
        }
    }

    /// <summary>Calls <paramref name="lapsed"/> when the period is over unrenewed, at once where it is, and <paramref name="renewed"/> when it runs again.</summary>
    /// <returns>Ends it.</returns>
    public IDisposable Watch(Action lapsed, Action renewed)
    {
        var watcher = new Watcher(this, lapsed, renewed);
        lock (_telling)
        {
            _watchers.Add(watcher);
            if (_lapsed)
            {
                lapsed();
            }
        }

        return watcher;
    }

    public void Progress(string? sessionId = null)
    {
        lock (_gate)
        {
            _sessionId = sessionId ?? _sessionId;
            _progressAt = _time.GetUtcNow();
        }
    }

    public void Lose()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                // What waits for it goes on elsewhere, not on this thread and under this lock.
                _ = _lost.CancelAsync();
                _settled.TrySetResult();
            }
        }
    }

    public LeaseBeat Beat()
    {
        lock (_gate)
        {
            return new LeaseBeat
            {
                WorkOrderId = Order.Id,
                LeaseToken = Order.LeaseToken,
                SessionId = _sessionId,
                AliveAt = _time.GetUtcNow(),
                ProgressAt = _progressAt,
            };
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _settled.TrySetResult();
            _timer.Dispose();
            _lost.Dispose();
        }
    }

    // Timer and renewals come from several threads: what is told is told in order, and once for each change.
    private void Look()
    {
        lock (_telling)
        {
            bool changed;
            lock (_gate)
            {
                if (_disposed)
                {
                    return;
                }

                var left = Left;
                var lapsed = left <= TimeSpan.Zero;
                changed = lapsed != _lapsed;
                _lapsed = lapsed;
                if (!lapsed)
                {
                    _settled.TrySetResult();
                    _timer.Change(left, Timeout.InfiniteTimeSpan);
                }
                else if (changed && !_lost.IsCancellationRequested)
                {
                    _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }

            if (changed)
            {
                _watchers.ForEach(watcher => watcher.Tell(_lapsed));
            }
        }
    }

    private static TaskCompletionSource Settled()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        settled.SetResult();
        return settled;
    }

    private sealed class Watcher(Lease lease, Action lapsed, Action renewed) : IDisposable
    {
        public void Tell(bool isLapsed) => (isLapsed ? lapsed : renewed)();

        public void Dispose()
        {
            lock (lease._telling)
            {
                lease._watchers.Remove(this);
            }
        }
    }
}
