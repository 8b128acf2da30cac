using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class StallTests
{
    private static readonly TimeSpan After = TimeSpan.FromSeconds(600);

    [Fact]
    public async Task StalledAgent_IsNudgedInterruptedAndKilled_AndItsAttemptEndsAsStalled()
    {
        await using var ground = new ConversationGround();
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);

        ground.Pass(After);
        await Patience.UntilAsync(() => agent.Messages.Count == 1, "the agent is nudged");
        ground.Pass(After / 2);
        await Patience.UntilAsync(() => agent.Interrupts == 1, "the agent is interrupted");
        ground.Pass(After / 2);
        var outcome = await running;

        Assert.Equal(FailureKind.Transient, outcome.Error?.Kind);
        Assert.StartsWith("stalled", outcome.Error?.Message, StringComparison.Ordinal);
        Assert.True(agent.WasKilled);
        await Patience.UntilAsync(() => ground.Stalls.Count() == 4, "the steps are told");
        Assert.Equal([StallStep.Stalled, StallStep.Nudged, StallStep.Interrupted, StallStep.Killed], ground.Stalls);
    }

    [Fact]
    public async Task Agent_GoesOn_WhenItSaysSomethingAfterTheNudge()
    {
        await using var ground = new ConversationGround();
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);
        ground.Pass(After);
        await Patience.UntilAsync(() => agent.Messages.Count == 1, "the agent is nudged");

        agent.Say(new AgentOutput(OutputKind.Text, "I go on.", null));
        await Patience.UntilAsync(() => ground.Stalls.Contains(StallStep.Recovered), "the recovery is told");
        agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.Null((await running).Error);
        Assert.Equal([StallStep.Stalled, StallStep.Nudged, StallStep.Recovered], ground.Stalls);
    }

    [Fact]
    public async Task InterruptedStall_IsSentOnWithoutAskingAPerson()
    {
        await using var ground = new ConversationGround();
        AgentStandIn agent = null!;
        agent = new AgentStandIn { OnInterrupt = () => agent.Say(TurnEnded(interrupted: true)) };
        var running = ground.RunAsync(agent);
        ground.Pass(After);
        await Patience.UntilAsync(() => agent.Messages.Count == 1, "the agent is nudged");
        ground.Pass(After / 2);

        await Patience.UntilAsync(() => agent.Messages.Count == 2, "the agent is sent on");
        agent.Say(new AgentOutput(OutputKind.Text, "Another way.", null), TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.Null((await running).Error);
        await Patience.UntilAsync(() => ground.Stalls.Contains(StallStep.Recovered), "the recovery is told");
        Assert.DoesNotContain("POST /api/v1/requests", ground.Told);
    }

    [Fact]
    public async Task Machinery_IsNoProgress()
    {
        await using var ground = new ConversationGround();
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);
        ground.Pass(After / 2);
        agent.Say(new AgentSessionStarted("s-1", null), new AgentOutput(OutputKind.System, "api_retry", "{}"));
        await ground.UntilToldAsync("/sessions");
        ground.Pass(After / 2);

        await Patience.UntilAsync(() => agent.Messages.Count == 1, "the agent is nudged");
        agent.Say(new AgentExited(1, null));
        await running;
    }

    [Fact]
    public async Task Agent_IsLeftAlone_WhileItWaitsForAPersonOrTheLeaseIsPast()
    {
        await using var ground = new ConversationGround();
        var asked = new AgentAsked(Guid.NewGuid(), RequestKind.Question, "Tabs?", Questions: [new RequestQuestion { Question = "Tabs?" }]);
        AgentStandIn agent = null!;
        agent = new AgentStandIn(asked) { OnAnswer = () => agent.Say(new AgentOutput(OutputKind.Text, "Tabs it is.", null)) };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");
        await ground.UntilAllIsToldAsync();

        ground.Pass(After * 5);
        ground.Command(new WorkerCommand { N = 1, Type = WorkerCommandType.Answer, RequestId = asked.RequestId, Answer = new RequestAnswer { Text = "Yes" } });
        await ground.UntilToldAsync("/delivered");
        await ground.UntilAllIsToldAsync();
        ground.Time.Advance(After * 5);
        ground.Lease.Renew(ground.Time.GetTimestamp());
        ground.Pass(After / 2);
        agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.Null((await running).Error);
        Assert.Empty(ground.Stalls);
    }

    [Fact]
    public async Task Steps_AreSkipped_WhichTheRuntimeCannotTake()
    {
        await using var ground = new ConversationGround { Capabilities = new RuntimeCapabilities(Questions: false, Permissions: false, Messages: false, Interrupt: false, Resume: false) };
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);

        ground.Pass(After * 2);
        var outcome = await running;

        Assert.StartsWith("stalled", outcome.Error?.Message, StringComparison.Ordinal);
        Assert.Empty(agent.Messages);
        Assert.Equal(0, agent.Interrupts);
        await Patience.UntilAsync(() => ground.Stalls.Count() == 2, "the steps are told");
        Assert.Equal([StallStep.Stalled, StallStep.Killed], ground.Stalls);
    }

    private static AgentTurnEnded TurnEnded(bool interrupted) => new("Said.", Failure: null, interrupted, CostUsd: 0, TokenCount.Zero);
}
