using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class AgentClockTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Clock_RunsOut_AfterItsLimitOfAgentTime()
    {
        using var clock = new AgentClock(TimeSpan.FromMinutes(10), _time);

        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(clock.RanOut.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(clock.RanOut.IsCancellationRequested);
    }

    [Fact]
    public void Clock_StandsStill_UntilTheLastOfSeveralWaitsIsOver()
    {
        using var clock = new AgentClock(TimeSpan.FromMinutes(10), _time);

        _time.Advance(TimeSpan.FromMinutes(4));
        clock.Pause();
        clock.Pause();
        _time.Advance(TimeSpan.FromDays(3));
        clock.Resume();
        _time.Advance(TimeSpan.FromDays(3));
        clock.Resume();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(clock.RanOut.IsCancellationRequested);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(clock.RanOut.IsCancellationRequested);
    }
}
