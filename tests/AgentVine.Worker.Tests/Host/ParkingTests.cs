using System.Text;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class ParkingTests
{
    private readonly AgentAsked _asked = new(
        Guid.NewGuid(), RequestKind.Question, "Tabs?", Questions: [new RequestQuestion { Question = "Tabs?", Options = [new QuestionOption("Yes")] }]);

    [Fact]
    public async Task Attempt_IsParked_WhenItsCheckpointIsComplete()
    {
        await using var ground = new ConversationGround { Checkpoint = _ => Task.FromResult(true) };
        var agent = new AgentStandIn(_asked);
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Park());
        var outcome = await running;

        Assert.True(outcome.Parked);
        Assert.Null(outcome.Error);
        Assert.True(agent.WasKilled);
        Assert.Equal([CheckpointTrigger.Parked], ground.Checkpoints);
    }

    [Fact]
    public async Task Request_StaysOpen_WhenTheDyingAgentWithdrawsIt()
    {
        await using var ground = new ConversationGround { Checkpoint = _ => Task.FromResult(true) };
        AgentStandIn agent = null!;
        agent = new AgentStandIn(_asked) { OnKill = () => agent.Say(new AgentWithdrew(_asked.RequestId), TurnEnded(interrupted: true)) };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Park());
        Assert.True((await running).Parked);

        Assert.Equal(["POST /api/v1/requests"], ground.Told);
    }

    [Fact]
    public async Task AnswerAndMessage_AreHandedToNobody_WhenTheAgentIsBeingParked()
    {
        await using var ground = new ConversationGround { Checkpoint = _ => Task.FromResult(true) };
        AgentStandIn agent = null!;
        agent = new AgentStandIn(_asked)
        {
            OnKill = () =>
            {
                ground.Command(Answer());
                ground.Command(new WorkerCommand { N = 3, Type = WorkerCommandType.Message, MessageId = Guid.NewGuid(), Content = "Never mind." });
            },
        };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Park());
        Assert.True((await running).Parked);

        Assert.Empty(agent.Answers);
        Assert.Empty(agent.Messages);
        Assert.Equal(["POST /api/v1/requests"], ground.Told);
    }

    [Fact]
    public async Task Agent_GoesOn_WhenItIsAnsweredWhileItsCheckpointIsTaken()
    {
        ConversationGround ground = null!;
        ground = new ConversationGround
        {
            Checkpoint = _ =>
            {
                ground.Command(Answer());
                return Task.FromResult(true);
            },
        };
        await using (ground)
        {
            AgentStandIn agent = null!;
            agent = new AgentStandIn(_asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null)) };
            var running = ground.RunAsync(agent);
            await ground.UntilToldAsync("/requests");

            ground.Command(Park());
            var outcome = await running;

            Assert.False(outcome.Parked);
            Assert.Null(outcome.Error);
            Assert.False(agent.WasKilled);
        }
    }

    [Fact]
    public async Task Answer_DoesNotWaitForTheCheckpoint_WhenTheAttemptIsAboutToBeParked()
    {
        var agent = new AgentStandIn(_asked);
        var (begun, cut) = (new TaskCompletionSource(), false);
        await using var ground = new ConversationGround { Checkpoint = KeepAsync };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");
        ground.Command(Park());
        await begun.Task;

        ground.Command(Answer());
        await Patience.UntilAsync(() => !agent.Answers.IsEmpty, "the agent is answered");
        agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.False((await running).Parked);
        Assert.True(cut);
        Assert.False(agent.WasKilled);

        async Task<bool> KeepAsync(CancellationToken stop)
        {
            begun.SetResult();
            cut = await StoodStillAsync(stop);
            throw new OperationCanceledException(stop);
        }
    }

    [Fact]
    public async Task Checkpoint_IsGivenUp_WhenTheAgentWaitsForNobodyAnyMore()
    {
        var agent = new AgentStandIn(_asked);
        var (begun, cut) = (new TaskCompletionSource(), new TaskCompletionSource<bool>());
        await using var ground = new ConversationGround { Checkpoint = KeepAsync };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");
        ground.Command(Park());
        await begun.Task;

        agent.Say(new AgentWithdrew(_asked.RequestId));
        Assert.True(await cut.Task);
        agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.False((await running).Parked);
        Assert.False(agent.WasKilled);

        async Task<bool> KeepAsync(CancellationToken stop)
        {
            begun.SetResult();
            cut.SetResult(await StoodStillAsync(stop));
            throw new OperationCanceledException(stop);
        }
    }

    [Theory]
    [InlineData(false, "no complete checkpoint")]
    [InlineData(null, "its runtime keeps no conversation")]
    public async Task Agent_GoesOnWaitingAndItsOutputSaysWhy_WhenThereIsNoCheckpoint(bool? complete, string why)
    {
        await using var ground = new ConversationGround { Checkpoint = complete is { } kept ? _ => Task.FromResult(kept) : null };
        AgentStandIn agent = null!;
        agent = new AgentStandIn(_asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null)) };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Park());
        ground.Command(Answer());
        var outcome = await running;

        Assert.False(outcome.Parked);
        Assert.Null(outcome.Error);
        await Patience.UntilAsync(
            () => ground.Server.Calls.Any(call => Encoding.UTF8.GetString(call.Body).Contains(why, StringComparison.Ordinal)), "the output says why");
    }

    [Fact]
    public async Task Park_DoesNothing_WhenTheAgentWaitsForNobody()
    {
        await using var ground = new ConversationGround { Checkpoint = _ => Task.FromResult(true) };
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);

        ground.Command(Park());
        ground.Command(new WorkerCommand { N = 2, Type = WorkerCommandType.Message, MessageId = Guid.NewGuid(), Content = "Go on." });
        await Patience.UntilAsync(() => !agent.Messages.IsEmpty, "the command after it is handed over");
        agent.Say(TurnEnded(interrupted: false), new AgentExited(0, null));

        Assert.False((await running).Parked);
        Assert.Empty(ground.Checkpoints);
    }

    private static async Task<bool> StoodStillAsync(CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return stop.IsCancellationRequested;
    }

    private WorkerCommand Answer() =>
        new() { N = 2, Type = WorkerCommandType.Answer, RequestId = _asked.RequestId, Answer = new RequestAnswer { Text = "Yes" } };

    private static WorkerCommand Park() => new() { N = 1, Type = WorkerCommandType.Park };

    private static AgentTurnEnded TurnEnded(bool interrupted) => new("Said.", Failure: null, interrupted, CostUsd: 0, TokenCount.Zero);
}
