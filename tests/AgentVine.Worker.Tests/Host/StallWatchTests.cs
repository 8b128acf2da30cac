using AgentVine.Contracts.Executions;
using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class StallWatchTests : IDisposable
{
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private readonly ManualTime _time = new();
    private readonly StallWatch _watch;

    public StallWatchTests() => _watch = new StallWatch(After, _time);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Steps_AreDueOneAfterTheOther_WhenNothingComes()
    {
        var since = _time.GetUtcNow();
        _time.Advance(After - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new StallMoment(StallStep.Stalled, since)], Due());
        _time.Advance(After / 2);
        Assert.Equal([new StallMoment(StallStep.Interrupted, since)], Due());
        _time.Advance(After / 2);
        Assert.Equal([new StallMoment(StallStep.Killed, since)], Due());
        _time.Advance(After * 10);
        Assert.Empty(Due());
    }

    [Fact]
    public void Progress_PutsOffTheFirstStep()
    {
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(After - TimeSpan.FromSeconds(1));
            _watch.Progress();
        }

        Assert.Empty(Due());
    }

    [Fact]
    public void Progress_EndsAStall_AndTheNextBeginsAnew()
    {
        _time.Advance(After * 1.5);
        _watch.Progress();
        Assert.Equal([StallStep.Stalled, StallStep.Interrupted, StallStep.Recovered], Due().Select(moment => moment.Step));

        _time.Advance(After - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([StallStep.Stalled], Due().Select(moment => moment.Step));
    }

    [Fact]
    public void Agent_IsKilled_WhenItStallsAThirdTime()
    {
        for (var i = 0; i < 2; i++)
        {
            _time.Advance(After * 1.5);
            Assert.Equal([StallStep.Stalled, StallStep.Interrupted], Due().Select(moment => moment.Step));
            _watch.Progress();
            Assert.Equal(StallStep.Recovered, Assert.Single(Due()).Step);
        }

        _time.Advance(After * 1.5);
        Assert.Equal([StallStep.Stalled, StallStep.Killed], Due().Select(moment => moment.Step));
        _time.Advance(After * 10);
        Assert.Empty(Due());
    }

    [Fact]
    public void Watch_StandsStill_UntilTheLastOfSeveralWaitsIsOver()
    {
        _watch.Pause();
        _watch.Pause();
        _time.Advance(After * 5);
        _watch.Resume();
        _time.Advance(After * 5);
        _watch.Resume();
        _time.Advance(After - TimeSpan.FromSeconds(1));
        Assert.Empty(Due());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(Due());
    }

    [Fact]
    public void Nothing_IsDue_WhenTheWatchHasEnded()
    {
        _watch.End();
        _time.Advance(After * 5);

        Assert.Empty(Due());
        Assert.True(_watch.Moments.Completion.IsCompleted);
    }

    private List<StallMoment> Due()
    {
        var due = new List<StallMoment>();
        while (_watch.Moments.TryRead(out var moment))
        {
            due.Add(moment);
        }

        return due;
    }
}
