using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Tests.Host;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>What an attempt may spend.</summary>
public sealed class AllowanceTests
{
    private readonly List<(decimal Spent, decimal Wanted)> _asked = [];
    private decimal _budget = 1;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Money_IsAskedForAhead_SoThatMostCallsNeedNoQuestion()
    {
        using var allowance = New(granted: 0);

        for (var i = 0; i < 10; i++)
        {
            Assert.Null(await allowance.ReserveAsync(0.01m, Cancellation));
            allowance.Settle(0.01m, 0.01m);
        }

        Assert.Equal([(0m, 0.05m), (0.05m, 0.10m)], _asked);
    }

    [Fact]
    public async Task Call_IsRefused_WhenTheBudgetHasNoRoomForIt_AndASmallerOneIsNot()
    {
        using var allowance = New(granted: 0);
        Assert.Null(await allowance.ReserveAsync(0.98m, Cancellation));
        allowance.Settle(0.98m, 0.98m);

        var refusal = await allowance.ReserveAsync(0.03m, Cancellation);
        var smaller = await allowance.ReserveAsync(0.02m, Cancellation);

        Assert.Equal(new BudgetRefusal(BudgetScope.Task, 1, 0.98m, null), refusal);
        Assert.Null(smaller);
    }

    [Fact]
    public async Task CallsUnderWay_CountWithWhatTheyMayCost()
    {
        _budget = 0.1m;
        using var allowance = New(granted: 0);

        var all = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => allowance.ReserveAsync(0.03m, Cancellation))));

        Assert.Equal(3, all.Count(refusal => refusal is null));
        allowance.Settle(0.03m, 0);
        Assert.Null(await allowance.ReserveAsync(0.03m, Cancellation));
    }

    [Fact]
    public async Task CallThatCostMore_IsCountedAsItWas()
    {
        using var allowance = New(granted: 0);
        Assert.Null(await allowance.ReserveAsync(0.01m, Cancellation));
        allowance.Settle(0.01m, 1.5m);

        Assert.NotNull(await allowance.ReserveAsync(0.000001m, Cancellation));
        Assert.Equal(1.5m, _asked[^1].Spent);
    }

    [Fact]
    public async Task Call_IsNotMade_WithoutLeave_AndWhatItCostIsSettled()
    {
        await using var ground = await GatewayGround.StartAsync(
            call => call.Response.WriteAsJsonAsync(new { model = "claude-opus-4-5-20251101", usage = new { input_tokens = 100_000, output_tokens = 1_000 } }));
        using var allowance = New(granted: 0);
        await using var pass = ground.Admit(allowance: allowance);

        // Each costs 0.525; the second is thought to cost as much as the first.
        using var first = await ground.CallAsync(pass);
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1, "the call is booked");
        using var second = await ground.CallAsync(pass);

        Assert.Equal((200, 402), ((int)first.StatusCode, (int)second.StatusCode));
        Assert.Contains("The task's budget of $1.00", await second.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Single(ground.Upstream.Calls);
        Assert.Contains(_asked, asked => asked.Spent == 0.525m);
    }

    [Fact]
    public async Task RefusedCall_IsWhyTheTurnEnded_WhenACallBesideItIsAnsweredAfterIt()
    {
        var heard = new TaskCompletionSource();
        await using var ground = await GatewayGround.StartAsync(async call =>
        {
            await heard.Task.WaitAsync(call.RequestAborted);
            await call.Response.WriteAsJsonAsync(new { model = "claude-opus-4-5-20251101", usage = new { input_tokens = 1, output_tokens = 1 } });
        });
        _budget = 0.06m;
        using var allowance = New(granted: 0.06m);
        await using var pass = ground.Admit(allowance: allowance);
        var beside = ground.CallAsync(pass);
        await Patience.UntilAsync(() => !ground.Upstream.Calls.IsEmpty, "the call beside it is under way");

        using var refused = await ground.CallAsync(pass);
        heard.SetResult();
        using var answered = await beside;
        await Patience.UntilAsync(() => ground.Usage.Total.Calls == 1 && pass.Trouble is null, "the call beside it is booked");

        Assert.Equal((402, 200), ((int)refused.StatusCode, (int)answered.StatusCode));
        Assert.Equal(FailureCause.BudgetSpent, pass.TroubleOf(FailureCause.NoCredit)?.Cause);
        Assert.Null(pass.TroubleOf(FailureCause.ServerError));
    }

    [Fact]
    public async Task Call_IsMade_WithItsWholeBody_AfterItsModelWasLookedFor()
    {
        await using var ground = await GatewayGround.StartAsync(call => call.Response.WriteAsJsonAsync(new { usage = new { input_tokens = 1, output_tokens = 1 } }));
        using var allowance = New(granted: 10);
        await using var pass = ground.Admit(allowance: allowance);
        var body = $$"""{"messages":[{"content":"{{new string('x', 300_000)}}"}],"model":"claude-opus-4-5"}""";

        using var answer = await ground.CallAsync(pass, new StringContent(body));

        Assert.Equal(body, System.Text.Encoding.UTF8.GetString(Assert.Single(ground.Upstream.Calls).Body));
    }

    private Allowance New(decimal granted) => new(new WorkOrderBudget(granted, 0), (spent, wanted, _) =>
    {
        _asked.Add((spent, wanted));
        return Task.FromResult(wanted <= _budget
            ? new BudgetResponse(granted = Math.Max(granted, wanted), null)
            : new BudgetResponse(granted, new BudgetRefusal(BudgetScope.Task, _budget, Math.Max(granted, spent), null)));
    });
}
