using System.Collections.Concurrent;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using AgentVine.Testing.Time;
using AgentVine.Worker.Accounts;
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
    private readonly ConcurrentQueue<CallTrouble> _told = new();
    private readonly ConcurrentQueue<string> _notes = new();
    private readonly UsageLedger _usage;
    private readonly Lease _lease;
    private ScriptedModelServer _model = null!;
    private ModelGateway _gateway = null!;
    private GatewayPass _pass = null!;
    private ClaudeCodeOptions _options = null!;

    public ClaudeBehindGatewayTests()
    {
        _usage = new UsageLedger(new PriceTable(new Dictionary<string, ModelPrice>()), _time);
        _lease = Orders.Lease(Orders.New(), _time);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await ScriptedModelServer.StartAsync(new ScriptedModelOptions(), Cancellation);
        _options = new ClaudeCodeOptions { Program = ClaudeUnderTest.Path, BaseUrl = _model.BaseUrl, ApiKey = Key, MaxRetries = 0, AllowedTools = ["Bash"] };
        _gateway = new ModelGateway(ModelAccount.Of(_options), recorder: null, socket: null, _time, NullLogger.Instance);
        await _gateway.StartAsync(Cancellation);
        _pass = _gateway.Admit(Guest());
    }

    public async ValueTask DisposeAsync()
    {
        await _pass.DisposeAsync();
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

    [Theory]
    [InlineData(null)]
    [InlineData("haiku")]
    public async Task Usage_IsWhatTheAgentProgramMakesOfIt(string? model)
    {
        _model.Add(ModelScript.Named("priced")
            .Then(Reply.Tool("Bash", new { command = "echo worked", description = "Works" }).Using(new ModelUsage(1_234, 567, CacheRead: 12_345, CacheWrite: 6_789)))
            .Then(Reply.Say("Done.").Using(new ModelUsage(98, 76, CacheRead: 120_000, CacheWrite: 54))));
        await using var run = await StartAsync("priced", model: model);

        var turn = await TurnAsync(run);

        await Patience.UntilAsync(() => _usage.Total.Calls == 2, "both calls are booked");
        Assert.True(turn.CostUsd > 0);
        Assert.Equal(turn.CostUsd, _usage.Total.CostUsd, precision: 6);
        Assert.Equal(turn.Tokens, _usage.Total.Tokens);
        Assert.Empty(_notes);
        var row = Assert.Single(_usage.TakeChanged());
        Assert.Equal((2, _usage.Total.CostUsd), (row.Calls, row.CostUsd));
    }

    [Fact]
    public async Task Limit_OfAnHour_IsOneCall_ForThisAgentAndTheNext()
    {
        _model.Add(ModelScript.Named("limited").ThenAlways(Fault.RateLimited(TimeSpan.FromHours(1))));
        await using (var run = await StartAsync("limited", retries: 2))
        {
            var failure = (await TurnAsync(run)).Failure!;
            Assert.Equal(FailureKind.RateLimit, failure.Kind);
            Assert.Contains("exceed your account's rate limit", failure.Message, StringComparison.Ordinal);
        }

        await Patience.UntilAsync(() => _told.Count == 1, "the server is told");
        var trouble = Assert.Single(_told);
        Assert.Equal((FailureCause.RateLimited, _time.GetUtcNow() + TimeSpan.FromHours(1)), (trouble.Cause, trouble.RetryAt!.Value));
        await using var other = _gateway.Admit(Guest());
        await using (var run = await StartAsync("limited", other.Access, retries: 2))
        {
            Assert.Equal(FailureKind.RateLimit, (await TurnAsync(run)).Failure!.Kind);
        }

        Assert.Single(_model.Calls.All);
        Assert.Single(_told);
        Assert.Equal(FailureCause.RateLimited, other.Trouble?.Cause);
    }

    [Fact]
    public async Task Limit_WithoutATime_IsOneCall_UntilTheServerSaysWhen()
    {
        _model.Add(ModelScript.Named("no-time").ThenAlways(_ => _model.Calls.Count == 1 ? Fault.RateLimited() : Reply.Finish("On again.")));
        await using (var run = await StartAsync("no-time", retries: 2))
        {
            Assert.Equal(FailureKind.RateLimit, (await TurnAsync(run)).Failure!.Kind);
        }

        Assert.Single(_model.Calls.All);
        _time.Advance(TimeSpan.FromMinutes(1));
        await using (var run = await StartAsync("no-time", retries: 0))
        {
            Assert.Null((await TurnAsync(run)).Failure);
        }
    }

    [Fact]
    public async Task Overload_IsTheAgentProgramsToTryAgain()
    {
        _model.Add(ModelScript.Named("overloaded").ThenAlways(Fault.Overloaded));
        await using var run = await StartAsync("overloaded", retries: 1);

        var failure = (await TurnAsync(run)).Failure!;

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Equal(2, _model.Calls.All.Count);
        await Patience.UntilAsync(() => _pass.Trouble?.Cause == FailureCause.Overloaded, "the gateway has seen why");
        Assert.Empty(_told);
    }

    [Fact]
    public async Task Call_IsNotMade_WhenNoBudgetAllowsIt_AndIsNotTriedAgain()
    {
        _model.Add(ModelScript.Named("spent").Then(Reply.Finish("Never.")));
        var asked = 0;
        using var allowance = new Allowance(new WorkOrderBudget(0.0001m, 0), (spent, wanted, _) =>
        {
            asked++;
            return Task.FromResult(new BudgetResponse(0.0001m, new BudgetRefusal(BudgetScope.Task, 0.5m, 0.4999m, null)));
        });
        await using var poor = _gateway.Admit(Guest() with { Allowance = allowance });
        await using var run = await StartAsync("spent", poor.Access, retries: 2);

        var failure = (await TurnAsync(run)).Failure!;

        Assert.Empty(_model.Calls.All);
        Assert.Contains("The task's budget of $0.50 has no room for another model call", failure.Message, StringComparison.Ordinal);
        Assert.Equal(FailureCause.BudgetSpent, poor.Trouble?.Cause);
        Assert.InRange(asked, 1, 2);
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

    private GatewayGuest Guest() => new()
    {
        Account = ModelAccount.DefaultName,
        Held = _lease.MayCallAsync,
        Usage = _usage,
        ClaimedAt = _time.GetTimestamp(),
        Note = _notes.Enqueue,
        TellAsync = trouble =>
        {
            _told.Enqueue(trouble);
            return Task.FromResult<DateTimeOffset?>(null);
        },
    };

    private async Task<IAgentRun> StartAsync(string script, ModelAccess? access = null, string? model = null, int retries = 0)
    {
        var launchers = await ProcessLaunchers.CreateAsync(
            SandboxKind.None, new LauncherOptions { TimeProvider = TimeProvider.System, Logger = NullLogger.Instance }, Cancellation);
        var launch = new AgentLaunch
        {
            ExecutionId = Guid.NewGuid(),
            SessionId = Guid.NewGuid(),
            WorkingDirectory = _folder.CreateSubdirectory($"{Guid.NewGuid()}-clone").FullName,
            StateDirectory = _folder.CreateSubdirectory($"{Guid.NewGuid()}-home").FullName,
            Instructions = $"Please do [[{script}]].",
            Model = model,
            ModelAccess = access ?? _pass.Access,
            Processes = launchers.Launcher,
        };
        return await new ClaudeCodeRuntime(_options with { MaxRetries = retries }, TimeProvider.System, NullLogger.Instance).StartAsync(launch, Cancellation);
    }
}
