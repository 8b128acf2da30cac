using System.Net;
using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class LeaseTests : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(90);
    private readonly ManualTime _time = new();
    private readonly Lease _lease;
    private readonly List<string> _told = [];

    public LeaseTests() => _lease = Orders.Lease(Orders.New(), _time);

    public void Dispose() => _lease.Dispose();

    [Fact]
    public void Lease_Lapses_WhenItsPeriodIsOver()
    {
        using var watching = Watch();

        _time.Advance(Period - TimeSpan.FromSeconds(1));
        Assert.True(_lease.IsGood);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_lease.IsGood);
        Assert.Equal(["lapsed"], _told);
    }

    [Fact]
    public void Renewal_CountsFromWhenItWasSent()
    {
        using var watching = Watch();
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(80));

        _lease.Renew(sentAt);
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.False(_lease.IsGood);
        Assert.Equal(["lapsed"], _told);
    }

    [Fact]
    public void Lease_IsGoodAgain_WhenARenewalCameLate()
    {
        using var watching = Watch();
        _time.Advance(TimeSpan.FromMinutes(10));
        var sentAt = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(2));

        _lease.Renew(sentAt);

        Assert.True(_lease.IsGood);
        Assert.Equal(["lapsed", "renewed"], _told);
        _time.Advance(Period - TimeSpan.FromSeconds(2));
        Assert.Equal(["lapsed", "renewed", "lapsed"], _told);
    }

    [Fact]
    public void Renewals_TakeNothingBack_WhenTheyArriveOutOfOrder()
    {
        var first = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(30));
        _lease.Renew(_time.GetTimestamp());
        _lease.Renew(first);
        _time.Advance(TimeSpan.FromSeconds(70));

        Assert.True(_lease.IsGood);
    }

    [Fact]
    public void Watcher_IsToldAtOnce_WhenTheLeaseIsPastAlready()
    {
        _time.Advance(Period);

        using var watching = Watch();

        Assert.Equal(["lapsed"], _told);
    }

    [Fact]
    public void AgentTime_StandsStill_WhileTheLeaseIsPast()
    {
        using var clock = new AgentClock(TimeSpan.FromMinutes(5), _time);
        using var held = _lease.Watch(clock.Pause, clock.Resume);

        _time.Advance(TimeSpan.FromHours(3));
        Assert.False(clock.RanOut.IsCancellationRequested);
        _lease.Renew(_time.GetTimestamp());
        _time.Advance(Period);
        _lease.Renew(_time.GetTimestamp());
        _time.Advance(Period);
        _lease.Renew(_time.GetTimestamp());

        // 90 s before the outage, and twice 90 s since.
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(clock.RanOut.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(clock.RanOut.IsCancellationRequested);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Calls_WaitForTheRenewalOrForTheServersWord_WhenTheLeaseIsPast(bool renewed)
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.NoContent, ""));
        var link = server.Link(_time).Under(_lease);
        _time.Advance(Period);

        var call = link.CallAsync((client, token) => client.DrainWorkerAsync(Guid.NewGuid(), token), TestContext.Current.CancellationToken);
        Assert.Empty(server.Calls);
        Assert.False(call.IsCompleted);
        if (renewed)
        {
            _lease.Renew(_time.GetTimestamp());
        }
        else
        {
            _lease.Lose();
        }

        await call.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Single(server.Calls);
    }

    private IDisposable Watch() => _lease.Watch(() => _told.Add("lapsed"), () => _told.Add("renewed"));
}
