using System.Net;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class AgentConversationTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly OutboxGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Attempt_HasNoResult_WhenTheAgentGoesWhileItIsAskedWhatItShallDoNow()
    {
        var agent = new AgentStandIn(TurnEnded(interrupted: true), new AgentExited(ExitCode: 137, Failure: null));

        var outcome = await RunAsync(agent, new ServerStandIn(_ => (HttpStatusCode.Conflict, """{"status":409,"code":"executions.ended"}""")));

        Assert.Equal(FailureKind.Transient, outcome.Error?.Kind);
    }

    [Fact]
    public async Task Permission_IsDenied_WhenTheServerCannotTakeItsInput()
    {
        var asked = new AgentAsked(
            Guid.NewGuid(), RequestKind.Permission, "Write a file", Tool: new RequestTool { Name = "Write", Summary = "page.html" });
        AgentStandIn agent = null!;
        agent = new AgentStandIn(asked) { OnAnswer = () => agent.Say(TurnEnded(interrupted: false), new AgentExited(ExitCode: 0, Failure: null)) };
        var server = new ServerStandIn(call => call.EndsWith("/requests", StringComparison.Ordinal)
            ? (HttpStatusCode.RequestEntityTooLarge, """{"status":413,"code":"body.too_large","title":"Too large","detail":"The body is too large."}""")
            : (HttpStatusCode.OK, """{"stored":1}"""));

        var outcome = await RunAsync(agent, server);

        Assert.Null(outcome.Error);
        Assert.Equal(AnswerDecision.Deny, Assert.Single(agent.Answers).Decision);
    }

    private static AgentTurnEnded TurnEnded(bool interrupted) => new("Said.", Failure: null, interrupted, CostUsd: 0, TokenCount.Zero);

    private async Task<AttemptOutcome> RunAsync(AgentStandIn agent, ServerStandIn server)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var lease = Orders.Lease(Orders.New(), _time);
        using var attempt = Orders.Attempt(lease);
        using var clock = new AgentClock(TimeSpan.FromHours(1), _time);
        using var stalls = new StallWatch(TimeSpan.FromMinutes(10), _time);
        var link = server.Link(_time);
        using var outbox = _ground.Open(link, _time);
        await using var news = outbox.For(lease.Order.ExecutionId);
        await using var output = new OutputWriter(news, lease.Order.ExecutionId, _time, NullLogger.Instance);
        var context = new AttemptContext
        {
            Server = link,
            Attempt = attempt,
            Output = output,
            Clock = clock,
            Stalls = stalls,
            Capabilities = new RuntimeCapabilities(Questions: true, Permissions: true, Messages: true, Interrupt: true),
            TargetBranch = "main",
        };
        return await new AgentConversation(context, agent, NullLogger.Instance).RunAsync(cancellation);
    }
}
