using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class FailureTests : ClaudeTests
{
    private static readonly (string Name, ModelReply Fault, FailureKind Kind, FailureCause Cause, int Calls, string Words)[] Table =
    [
        ("unauthorized", Fault.Unauthorized, FailureKind.Permanent, FailureCause.KeyRefused, 2, "ANTHROPIC_API_KEY"),
        ("forbidden", Fault.Forbidden, FailureKind.Permanent, FailureCause.RequestRefused, 1, "does not have permission"),
        ("no-credit", Fault.NoCredit, FailureKind.Permanent, FailureCause.NoCredit, 1, "Credit balance is too low"),
        ("limited", Fault.RateLimited(TimeSpan.FromHours(1)), FailureKind.RateLimit, FailureCause.RateLimited, 1, "rate limit"),
        ("overloaded", Fault.Overloaded, FailureKind.Transient, FailureCause.Overloaded, 2, "529"),
        ("broken", Fault.ServerError, FailureKind.Transient, FailureCause.ServerError, 2, "500"),
        ("dropped", Fault.Dropped, FailureKind.Transient, FailureCause.Unreachable, 2, "ECONNRESET"),
        ("malformed", Fault.Malformed, FailureKind.Transient, FailureCause.MalformedAnswer, 2, "malformed"),
        ("refusal", Fault.Refusal("Rather not."), FailureKind.BadResult, FailureCause.Refusal, 2, "declined"),
        ("cut", Fault.CutOff("And so on and"), FailureKind.BadResult, FailureCause.OutputLimit, 4, "output token"),
    ];

    [Fact]
    public async Task Failure_IsToldApart_AndTheAgentStays()
    {
        foreach (var (name, fault, _, _, _, _) in Table)
        {
            Bench.Model.Add(ModelScript.Named(name).ThenAlways(fault));
        }

        Bench.Model.Add(ModelScript.Named("hiccup").Then(it => it.Attempt == 1 ? Fault.Overloaded : Reply.Finish("Better now.")));
        var (run, seen) = await Bench.StartAsync(Bench.Launch($"Please do [[{Table[0].Name}]]."));
        var wrong = new List<string>();
        foreach (var (name, _, kind, cause, calls, words) in Table)
        {
            if (name != Table[0].Name)
            {
                await run.SendMessageAsync($"Please do [[{name}]].", CancellationToken.None);
            }

            var failure = (await seen.NextAsync<AgentTurnEnded>()).Failure;
            if (failure?.Kind != kind || failure.Cause != cause || !failure.Message.Contains(words, StringComparison.Ordinal) || Bench.Model.Calls.Of(name).Count != calls)
            {
                wrong.Add($"{name}: {failure?.Kind}, {failure?.Cause} after {Bench.Model.Calls.Of(name).Count} calls: {failure?.Message}");
            }
        }

        Assert.Empty(wrong);
        await run.SendMessageAsync("Please do [[hiccup]].", CancellationToken.None);
        Assert.Equal("Better now.", (await EndsAsync(seen)).Summary);
        Assert.Contains(
            seen.Outputs,
            output => output.Kind == OutputKind.Note && output.Text!.StartsWith("model API answered 529, retry 1 of 1 in ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Failure_IsPermanent_WhenThePromptIsTooLong()
    {
        var failure = await FailAsync(Fault.PromptTooLong);

        Assert.Equal((FailureKind.Permanent, FailureCause.PromptTooLong), (failure.Kind, failure.Cause));
        Assert.Contains("window", failure.Message);
    }

    [Fact]
    public async Task Failure_IsABadResult_WhenTheAgentUsesUpItsTurns()
    {
        Bench.Options = Bench.Options with { Environment = new Dictionary<string, string> { ["CLAUDE_CODE_MAX_TURNS"] = "2" }, AllowedTools = ["Bash"] };

        var failure = await FailAsync(Reply.Tool("Bash", new { command = "true", description = "Does nothing" }));

        Assert.Equal((FailureKind.BadResult, FailureCause.MaxTurns), (failure.Kind, failure.Cause));
    }

    [Theory]
    [InlineData(137, true, null, 0, FailureCause.Killed)]
    [InlineData(137, true, null, 1, FailureCause.OutOfMemory)]
    [InlineData(1, true, "RangeError: Out of memory", 0, FailureCause.OutOfMemory)]
    [InlineData(143, true, null, 1, FailureCause.Killed)]
    [InlineData(0, true, null, 0, FailureCause.NoResult)]
    [InlineData(1, false, "--unknown", 0, FailureCause.NotStarted)]
    public void Exit_IsToldApart(int code, bool spoke, string? complaint, long memoryKills, FailureCause cause) =>
        Assert.Equal(cause, ClaudeFailures.OfExit(code, spoke, complaint, memoryKills).Cause);

    [Fact]
    public async Task Failure_IsTransient_WhenTheModelNeverAnswers()
    {
        Bench.Options = Bench.Options with { Environment = new Dictionary<string, string> { ["API_TIMEOUT_MS"] = "1000" } };

        var failure = await FailAsync(Fault.Silence);

        Assert.Equal(FailureKind.Transient, failure.Kind);
        Assert.Contains("timed out", failure.Message);
    }

    [Fact]
    public async Task Failure_NamesTheSetting_WhenThereIsNoAccount()
    {
        Bench.Options = Bench.Options with { ApiKey = null };

        var failure = await FailAsync(Reply.Finish("Hello"));

        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.Contains("Not logged in", failure.Message);
        Assert.Contains("Set ANTHROPIC_API_KEY", failure.Message);
        Assert.Equal(0, Bench.Model.Calls.Count);
    }

    [Fact]
    public async Task Failure_TellsTheReset_WhenASubscriptionIsAtItsLimit()
    {
        Bench.Options = Bench.Options with { ApiKey = null, OAuthToken = "sk-ant-oat01-of-nobody" };

        var failure = await FailAsync(Fault.Status(
            429,
            "rate_limit_error",
            "You have hit your limit",
            ("retry-after", "3600"),
            ("anthropic-ratelimit-unified-status", "rejected"),
            ("anthropic-ratelimit-unified-reset", "4102444800"),
            ("anthropic-ratelimit-unified-representative-claim", "five_hour")));

        Assert.Equal(FailureKind.RateLimit, failure.Kind);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(4102444800), failure.RetryAt);
    }

    private async Task<TaskError> FailAsync(ModelReply fault)
    {
        var (_, seen) = await Bench.StartAsync(ModelScript.Named("fault").ThenAlways(fault));
        return (await seen.NextAsync<AgentTurnEnded>()).Failure!;
    }
}
