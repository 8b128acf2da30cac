using System.Threading.Channels;
using AgentVine.Contracts.Executions;

namespace AgentVine.Worker;

/// <summary>
/// Tells an agent that is alive from one that gets on: after a period without progress the first step is due, and after each further
/// half of it the next. It stands still while people are waited for and while the lease is past. Progress ends it at any step but the last.
/// </summary>
internal sealed class StallWatch : IDisposable
{
    private static readonly StallStep[] DueSteps = [StallStep.Stalled, StallStep.Interrupted, StallStep.Killed];
    private readonly Channel<StallMoment> _moments = Channel.CreateUnbounded<StallMoment>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _after;
    private readonly ITimer _timer;
    private DateTimeOffset _since;
    private int _taken;
    private int _waits;
    private bool _ended;

    /// <param name="after">The period; there is no watch when it is zero.</param>
    /// <param name="time">The clock.</param>
    public StallWatch(TimeSpan after, TimeProvider time)
    {
        (_after, _time, _since, _ended) = (after, time, time.GetUtcNow(), after <= TimeSpan.Zero);
        _timer = time.CreateTimer(_ => Due(), null, _ended ? Timeout.InfiniteTimeSpan : after, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock that it runs by.</summary>
    public TimeProvider Time => _time;

    /// <summary>The steps that are due, in order, with <see cref="StallStep.Recovered"/> among them; completed when the watch has ended.</summary>
    public ChannelReader<StallMoment> Moments => _moments.Reader;

    /// <summary>The agent said or did something.</summary>
    public void Progress()
    {
        lock (_gate)
        {
            if (_ended || _taken == DueSteps.Length)
            {
                return;
            }

            _since = _time.GetUtcNow();
            if (_taken > 0)
            {
                _taken = 0;
                _moments.Writer.TryWrite(new StallMoment(StallStep.Recovered, _since));
            }

            Set();
        }
    }

    /// <summary>Nothing is expected of the agent for now.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _waits++;
            Set();
        }
    }

    /// <summary>One of those waits is over; the period of the step that is next begins anew.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _waits--;
            Set();
        }
    }

    /// <summary>No more steps: the agent has done its work, or goes.</summary>
    public void End()
    {
        lock (_gate)
        {
            _ended = true;
            Set();
            _moments.Writer.TryComplete();
        }
    }

    public void Dispose()
    {
        End();
        _timer.Dispose();
    }

    private void Due()
    {
        lock (_gate)
        {
            if (!_ended && _waits == 0 && _taken < DueSteps.Length)
            {
                _moments.Writer.TryWrite(new StallMoment(DueSteps[_taken++], _since));
                Set();
            }
        }
    }

    private void Set()
    {
        var stands = _ended || _waits > 0 || _taken == DueSteps.Length;
        _timer.Change(stands ? Timeout.InfiniteTimeSpan : _taken == 0 ? _after : _after / 2, Timeout.InfiniteTimeSpan);
    }
}
