using AgentVine.Contracts.Executions;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using AgentVine.Testing.Time;
using AgentVine.Worker.Gateway;
using AgentVine.Worker.Tests.Host;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>The real Claude Code, whose model calls go by the gateway.</summary>
public sealed class ClaudeBehindGatewayTests : IAsyncLifetime
{
    private const string Key = "sk-ant-of-no-account-at-all";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-gateway-");
    private readonly ManualTime _time = new();
    private readonly Lease _lease;
    private ScriptedModelServer _model = null!;
    private ModelGateway _gateway = null!;
    private GatewayPass _pass = null!;
    private ClaudeCodeOptions _options = null!;

    public ClaudeBehindGatewayTests() => _lease = Orders.Lease(Orders.New(), _time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions(), Cancellation);
        _options = new ClaudeCodeOptions { Program = ClaudeUnderTest.Path, BaseUrl = _model.BaseUrl, ApiKey = Key, MaxRetries = 0, AllowedTools = ["Bash"] };
        _gateway = new ModelGateway(new ModelUpstream(_options), socket: null, NullLogger.Instance);
        await _gateway.StartAsync(Cancellation);
        _pass = _gateway.Admit(_lease.MayCallAsync);
    }

    public async ValueTask DisposeAsync()
    {
        _pass.Dispose();
        await _gateway.DisposeAsync();
        await _model.DisposeAsync();
        _lease.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Agent_WorksWithATokenOfItsAttempt_AndTheModelSeesTheAccountsKey()
    {
        _model.Add(ModelScript.Named("behind")
            .Then(Reply.Tool("Bash", new { command = "env | grep ANTHROPIC | cut -c1-26", description = "Shows what it calls with" }))
            .Then(it => Reply.Finish(it.LastToolResult)));
        await using var run = await StartAsync("behind");

        var turn = await TurnAsync(run);

        Assert.Null(turn.Failure);
        Assert.Equal(2, _model.Calls.All.Count);
        Assert.All(_model.Calls.All, call => Assert.Equal(Key, call.Credential));
        Assert.All(_model.Calls.All, call => Assert.True(call.Streaming));
        Assert.Contains("ANTHROPIC_API_KEY=vine_mo", turn.Summary, StringComparison.Ordinal);
        Assert.Contains("ANTHROPIC_BASE_URL=http://", turn.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Agent_GoesOn_WhenItsHeldCallMayGo()
    {
        _model.Add(ModelScript.Named("held")
            .Then(Reply.Tool("Bash", new { command = "echo worked", description = "Works" }))
            .Then(it => Reply.Finish(it.LastToolResult)));
        _time.Advance(TimeSpan.FromMinutes(10));
        await using var run = await StartAsync("held");
        var turn = TurnAsync(run);
        await Patience.UntilAsync(() => _gateway.Held > 0, "the agent's call is held");
        Assert.Empty(_model.Calls.All);

        _lease.Renew(_time.GetTimestamp());

        Assert.Equal("worked", (await turn).Summary?.Trim());
        Assert.Equal(2, _model.Calls.All.Count);
    }

    [Fact]
    public async Task Agent_Fails_WhenItsTokenIsForeign()
    {
        _model.Add(ModelScript.Named("foreign").Then(Reply.Finish("Never.")));
        await using var run = await StartAsync("foreign", _pass.Access with { Token = "vine_model_of_another_attempt" });

        var turn = await TurnAsync(run);

        Assert.NotNull(turn.Failure);
        Assert.Empty(_model.Calls.All);
    }

    private static async Task<AgentTurnEnded> TurnAsync(IAgentRun run)
    {
        await foreach (var signal in run.Signals.ReadAllAsync(Cancellation))
        {
            if (signal is AgentTurnEnded ended)
            {
                return ended;
            }

            Assert.False(signal is AgentOutput { Kind: OutputKind.Stderr } line && line.Text?.Contains(Key, StringComparison.Ordinal) == true);
        }

        throw new InvalidOperationException("The agent ended before its turn had.");
    }

    private async Task<IAgentRun> StartAsync(string script, ModelAccess? access = null)
    {
        var launchers = await ProcessLaunchers.CreateAsync(
            SandboxKind.None, new LauncherOptions { TimeProvider = TimeProvider.System, Logger = NullLogger.Instance }, Cancellation);
        var launch = new AgentLaunch
        {
            ExecutionId = Guid.NewGuid(),
            SessionId = Guid.NewGuid(),
            WorkingDirectory = _folder.CreateSubdirectory($"{script}-clone").FullName,
            StateDirectory = _folder.CreateSubdirectory($"{script}-home").FullName,
            Instructions = $"Please do [[{script}]].",
            ModelAccess = access ?? _pass.Access,
            Processes = launchers.Launcher,
        };
        return await new ClaudeCodeRuntime(_options, TimeProvider.System, NullLogger.Instance).StartAsync(launch, Cancellation);
    }
}
