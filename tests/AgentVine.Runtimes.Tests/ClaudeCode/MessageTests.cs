using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class MessageTests : ClaudeTests
{
    [Fact]
    public async Task Message_JoinsTheTurn_WhenATurnIsOpen()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("work")
            .Then(Bash("until [ -e go ]; do read -t 0.1 nothing < <(:); done"))
            .ThenAlways(it => Reply.Finish($"{it.UserTexts.Count(text => text.Contains("semicolons", StringComparison.Ordinal))} wish")));

        await UsesAsync(seen, "until");
        Assert.True(await run.SendMessageAsync("And mind the semicolons.", CancellationToken.None));
        await File.WriteAllTextAsync(Path.Combine(Bench.Clone, "go"), "go");

        Assert.Equal("1 wish", (await EndsAsync(seen)).Summary);
        await run.CloseAsync(CancellationToken.None);
        Assert.Null((await seen.ToEndAsync()).Failure);
        Assert.Single(seen.Signals.OfType<AgentTurnEnded>());
    }

    [Fact]
    public async Task Message_IsRefused_AfterClose()
    {
        var gate = new Gate();
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("talk").Then(Reply.Hold(gate).Say("Good-bye.")));
        await gate.Reached;

        await run.CloseAsync(CancellationToken.None);

        Assert.False(await run.SendMessageAsync("One more thing.", CancellationToken.None));
        gate.Open();
        Assert.Equal("Good-bye.", (await EndsAsync(seen)).Summary);
        Assert.Equal(0, (await seen.ToEndAsync()).ExitCode);
    }
}
