using System.Net;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class AgentConversationTests
{
    private static readonly AgentExited Gone = new(ExitCode: 0, Failure: null);

    [Fact]
    public async Task Attempt_HasNoResult_WhenTheAgentGoesWhileItIsAskedWhatItShallDoNow()
    {
        await using var ground = new ConversationGround(_ => (HttpStatusCode.Conflict, """{"status":409,"code":"executions.ended"}"""));

        var outcome = await ground.RunAsync(new AgentStandIn(TurnEnded(interrupted: true), new AgentExited(ExitCode: 137, Failure: null)));

        Assert.Equal(FailureKind.Transient, outcome.Error?.Kind);
    }

    [Fact]
    public async Task Permission_IsDenied_WhenTheServerCannotTakeItsInput()
    {
        await using var ground = new ConversationGround(call => call.EndsWith("/requests", StringComparison.Ordinal)
            ? (HttpStatusCode.RequestEntityTooLarge, """{"status":413,"code":"body.too_large","title":"Too large","detail":"The body is too large."}""")
            : null);
        var asked = new AgentAsked(
            Guid.NewGuid(), RequestKind.Permission, "Write a file", Tool: new RequestTool { Name = "Write", Summary = "page.html" });
        AgentStandIn agent = null!;
        agent = new AgentStandIn(asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), Gone) };

        var outcome = await ground.RunAsync(agent);

        Assert.Null(outcome.Error);
        Assert.Equal(AnswerDecision.Deny, Assert.Single(agent.Answers).Decision);
    }

    [Fact]
    public async Task Answer_IsDeliveredToWhoAsked_AndToldOnDisk()
    {
        await using var ground = new ConversationGround();
        var asked = Asked();
        AgentStandIn agent = null!;
        agent = new AgentStandIn(asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), Gone) };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Answer(asked.RequestId));
        await running;

        await ground.UntilToldAsync($"/requests/{asked.RequestId}/delivered");
    }

    [Fact]
    public async Task Answer_IsHandedToNobody_WhenAnotherAttemptAskedForIt()
    {
        await using var ground = new ConversationGround();
        var asked = Asked();
        var earlier = Guid.NewGuid();
        AgentStandIn agent = null!;
        agent = new AgentStandIn(asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), Gone) };
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/requests");

        ground.Command(Answer(earlier));
        ground.Command(Answer(asked.RequestId));
        await running;

        await ground.UntilToldAsync($"/requests/{asked.RequestId}/delivered");
        Assert.Single(agent.Answers);
        Assert.DoesNotContain($"POST /api/v1/requests/{earlier}/delivered", ground.Told);
    }

    [Fact]
    public async Task Feedback_IsToldAsDelivered_OnceTheSessionHasBegun()
    {
        var (message, request) = (Guid.NewGuid(), Guid.NewGuid());
        await using var ground = new ConversationGround(with: order => order with
        {
            Feedback = [new Feedback("Use tabs.", MessageId: message), new Feedback("Yes, go on.", RequestId: request), new Feedback("The review said no.")],
        });
        var agent = new AgentStandIn();
        var running = ground.RunAsync(agent);
        Assert.Empty(ground.Told);

        agent.Say(new AgentSessionStarted("s-1", null), new AgentSessionStarted("s-1", null), TurnEnded(interrupted: false), Gone);
        await running;
        await ground.UntilToldAsync($"/requests/{request}/delivered");

        Assert.Equal(
            ["POST /api/v1/sessions", $"POST /api/v1/chat/messages/{message}/delivered", $"POST /api/v1/requests/{request}/delivered"],
            ground.Told.Distinct().Take(3));
        Assert.Single(ground.Told, told => told.Contains($"{request}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Session_IsOpenedAnew_WhenAHeartbeatFindsItsPairWrong()
    {
        var refuse = true;
        await using var ground = new ConversationGround(call => call.EndsWith("/heartbeat", StringComparison.Ordinal) && refuse
            ? (HttpStatusCode.Conflict, """{"status":409,"code":"sessions.mapping_invalid"}""")
            : null);
        var agent = new AgentStandIn(new AgentSessionStarted("s-1", "a-model"));
        var running = ground.RunAsync(agent);
        await ground.UntilToldAsync("/sessions");

        // The first beats may come before the server's answer to the opening is known here.
        await Patience.UntilAsync(() => { ground.Attempt.Beat(); return ground.Told.Count(told => told == "POST /api/v1/sessions") >= 2; }, "the session is opened anew");
        refuse = false;
        agent.Say(TurnEnded(interrupted: false), Gone);
        await running;

        var beat = JsonSerializer.Deserialize<SessionHeartbeat>(
            ground.Server.Calls.First(call => call.Call.EndsWith("/heartbeat", StringComparison.Ordinal)).Body, VineJson.Options)!;
        Assert.Equal((ground.Lease.Order.ExecutionId, 1L, "s-1"), (beat.ExecutionId!.Value, beat.LeaseToken!.Value, beat.SessionId));
    }

    private static AgentTurnEnded TurnEnded(bool interrupted) => new("Said.", Failure: null, interrupted, CostUsd: 0, TokenCount.Zero);

    private static AgentAsked Asked() =>
        new(Guid.NewGuid(), RequestKind.Question, "Tabs?", Questions: [new RequestQuestion { Question = "Tabs?", Options = [new QuestionOption("Yes")] }]);

    private static WorkerCommand Answer(Guid requestId) =>
        new() { N = 1, Type = WorkerCommandType.Answer, RequestId = requestId, Answer = new RequestAnswer { Text = "Yes" } };
}
