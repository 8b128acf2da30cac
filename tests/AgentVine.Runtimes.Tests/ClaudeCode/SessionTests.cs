using AgentVine.Contracts.Executions;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class SessionTests : ClaudeTests
{
    [Fact]
    public async Task Session_IsResumedWithItsWords_AndEachTurnCostsItsOwn()
    {
        Bench.Model.Add(ModelScript.Named("one").Then(Reply.Say("The word is Rumpelstiltskin.").Using(new ModelUsage(10_000, 0))));
        Bench.Model.Add(ModelScript.Named("two").Then(Reply.Think("Two.").Say("Two.").Using(new ModelUsage(20_000, 10, CacheRead: 30, CacheWrite: 40))));
        Bench.Model.Add(ModelScript.Named("three").Then(it => Reply.Say(it.AssistantTexts[0]).Using(new ModelUsage(30_000, 0))));
        var launch = Bench.Launch("Please do [[one]].") with { Model = "haiku" };
        var (run, seen) = await Bench.StartAsync(launch);
        var first = await EndsAsync(seen);
        await run.SendMessageAsync("Please do [[two]].", CancellationToken.None);
        var second = await EndsAsync(seen);
        await run.CloseAsync(CancellationToken.None);
        var exited = await seen.ToEndAsync();
        var started = Assert.Single(seen.Signals.OfType<AgentSessionStarted>());

        var (_, later) = await Bench.StartAsync(launch with { ExecutionId = Guid.NewGuid(), Instructions = "Please do [[three]].", Resume = true });
        var third = await EndsAsync(later);

        Assert.Equal((0, null), (exited.ExitCode, exited.Failure));
        Assert.Equal(launch.SessionId.ToString(), started.SessionId);
        Assert.Contains("haiku", started.Model);
        Assert.Equal("The word is Rumpelstiltskin.", third.Summary);
        Assert.Equal(launch.SessionId.ToString(), Assert.Single(later.Signals.OfType<AgentSessionStarted>()).SessionId);
        Assert.Equal([10_000, 20_000, 30_000], new[] { first, second, third }.Select(turn => turn.Tokens.Input));
        Assert.Equal((10, 30, 40), (second.Tokens.Output, second.Tokens.CacheRead, second.Tokens.CacheWrite));
        Assert.True(first.CostUsd > 0);
        Assert.Equal(first.CostUsd * 3, third.CostUsd, precision: 6);
        Assert.Contains(seen.Outputs, output => output is { Kind: OutputKind.Thinking, Text: "Two." });
        Assert.All(Bench.Model.Calls.All, call => Assert.Equal(Bench.Options.ApiKey, call.Credential));
        Assert.All(seen.Outputs, output => Assert.NotNull(output.Raw));
    }

    [Fact]
    public async Task Session_IsResumed_InTheSandboxOfAnotherAttempt()
    {
        Bench.Model.Add(ModelScript.Named("one").Then(Reply.Finish("The word is Rumpelstiltskin.")));
        Bench.Model.Add(ModelScript.Named("two").Then(it => Reply.Finish(it.AssistantTexts[0])));
        var launch = Bench.Launch("Please do [[one]].") with { Processes = await Launchers.OfAsync(SandboxKind.Bubblewrap) };
        var (run, seen) = await Bench.StartAsync(launch);
        await EndsAsync(seen);
        await run.CloseAsync(CancellationToken.None);
        await seen.ToEndAsync();

        (_, seen) = await Bench.StartAsync(launch with { ExecutionId = Guid.NewGuid(), Instructions = "Please do [[two]].", Resume = true });

        Assert.Equal("The word is Rumpelstiltskin.", (await EndsAsync(seen)).Summary);
    }

    [Fact]
    public async Task Review_CannotChangeAnything()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash", "Write"] };
        var target = Path.Combine(Bench.Clone, "note");
        Bench.Model.Add(ModelScript.Named("review")
            .Then(Reply.Tool("Write", new { file_path = target, content = "x" }).Tool("Bash", new { command = $"echo x > {target}" }))
            .Then(Reply.Finish("Looks good.")));
        var launcher = new RecordingLauncher();
        var (_, seen) = await Bench.StartAsync(Bench.Launch("Please do [[review]].") with { ReadOnly = true, Processes = launcher });

        await EndsAsync(seen);

        Assert.False(File.Exists(target));
        Assert.All(Bench.Model.Calls.All[^1].ToolResults, result => Assert.Contains("No such tool available", result));
        Assert.Contains(Bench.Clone, launcher.Spec!.ReadOnly);
        Assert.DoesNotContain(Bench.Clone, launcher.Spec.Writable);
    }
}
