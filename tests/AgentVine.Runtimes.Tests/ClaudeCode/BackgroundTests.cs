using AgentVine.Contracts.Executions;
using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class BackgroundTests : ClaudeTests
{
    [Fact]
    public async Task Turn_EndsOnce_WhenACommandInTheBackgroundBringsAFurtherResult()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        var usage = new ModelUsage(1000, 100);
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("background")
            .Then(InBackground("until [ -e go ]; do read -t 0.1 nothing < <(:); done; echo built").Using(usage))
            .Then(Reply.Say("It is building.").Using(usage))
            .Then(Reply.Say("It is built.").Using(usage)));

        await seen.NextAsync<AgentOutput>(output => output is { Kind: OutputKind.Result, Text: "It is building." });
        await File.WriteAllTextAsync(Path.Combine(Bench.Clone, "go"), "go");
        var ended = await EndsAsync(seen);
        await run.CloseAsync(CancellationToken.None);
        await seen.ToEndAsync();

        Assert.Equal("It is built.", ended.Summary);
        Assert.Equal((3000, 300), (ended.Tokens.Input, ended.Tokens.Output));
        Assert.Single(seen.Signals.OfType<AgentTurnEnded>());
        Assert.Equal(2, seen.Outputs.Count(output => output.Kind == OutputKind.Result));
    }

    [Fact]
    public async Task Turn_EndsWithoutWhatRunsForEver_WhenTheWaitIsOverOrTheTurnIsInterrupted()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"], BackgroundWait = TimeSpan.FromSeconds(1) };
        Bench.Model.Add(ModelScript.Named("serve").Then(InBackground(Forever)).Then(Reply.Finish("It serves.")));
        var launch = Bench.Launch("Please do [[serve]].");
        var (run, seen) = await Bench.StartAsync(launch);

        Assert.Equal("It serves.", (await EndsAsync(seen)).Summary);
        Assert.Contains(seen.Outputs, output => output.Kind == OutputKind.Note && output.Text!.Contains("were stopped", StringComparison.Ordinal));
        await RunsAsync(launch.ExecutionId, "86399", expected: false);

        Bench.Model.Add(ModelScript.Named("end").Then(Reply.Finish("Still here.")));
        await run.SendMessageAsync("Now do [[end]].", CancellationToken.None);
        Assert.Equal("Still here.", (await EndsAsync(seen)).Summary);
    }

    [Fact]
    public async Task Interrupt_StopsWhatRunsInTheBackground()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        Bench.Model.Add(ModelScript.Named("serve").Then(InBackground(Forever)).Then(Reply.Finish("It serves.")));
        var launch = Bench.Launch("Please do [[serve]].");
        var (run, seen) = await Bench.StartAsync(launch);
        await seen.NextAsync<AgentOutput>(output => output is { Kind: OutputKind.System } && output.Raw!.Contains("\"state\":\"idle\"", StringComparison.Ordinal));

        await run.InterruptAsync(CancellationToken.None);

        Assert.True((await EndsAsync(seen)).Interrupted);
        await RunsAsync(launch.ExecutionId, "86399", expected: false);
    }

    private static ModelMessage InBackground(string command) =>
        Reply.Tool("Bash", new { command, description = "What the test asks for", run_in_background = true });
}
