namespace AgentVine.Worker;

/// <summary>
/// Counts an attempt's agent time: it stands still while the agent waits for people. <see cref="RanOut"/> is cancelled when the limit is reached.
/// </summary>
internal sealed class AgentClock : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ranOut = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _since;
    private int _waits;
    private bool _disposed;

    public AgentClock(TimeSpan limit, TimeProvider time)
    {
        _time = time;
        _left = limit;
        _since = time.GetTimestamp();
        _timer = time.CreateTimer(_ => RunOut(), null, Bounded(limit), Timeout.InfiniteTimeSpan);
    }

    public CancellationToken RanOut => _ranOut.Token;

    /// <summary>The agent begins to wait for a person.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            if (_waits++ == 0)
            {
                _left -= _time.GetElapsedTime(_since);
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>One of its waits is over.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            if (--_waits == 0)
            {
                _since = _time.GetTimestamp();
                _timer.Change(Bounded(_left), Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
            _ranOut.Dispose();
        }
    }

    // A timer's last call may come while or after it is disposed, and what it throws ends the process.
    private void RunOut()
    {
        lock (_gate)
        {
            if (!_disposed && _waits == 0)
            {
                // What waits for it goes on elsewhere, not on this thread and under this lock.
                _ = _ranOut.CancelAsync();
            }
        }
    }

    private static TimeSpan Bounded(TimeSpan left) =>
        left < TimeSpan.Zero ? TimeSpan.Zero : left > TimeSpan.FromDays(40) ? TimeSpan.FromDays(40) : left;
}
