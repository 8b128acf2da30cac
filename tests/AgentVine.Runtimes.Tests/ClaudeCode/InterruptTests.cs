using AgentVine.ScriptedModel;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class InterruptTests : ClaudeTests
{
    [Fact]
    public async Task Interrupt_EndsTheTurnAndNoMore_WhileStreamingInATool_AndBetweenTurns()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        Bench.Model.Add(ModelScript.Named("talk").Then(Reply.Say("One.").Hold(new Gate()).Say("Two.")));
        Bench.Model.Add(ModelScript.Named("work").Then(Bash(Forever)));
        Bench.Model.Add(ModelScript.Named("end").Then(Reply.Finish("Still here.")));
        var launch = Bench.Launch("Please do [[talk]].");
        var (run, seen) = await Bench.StartAsync(launch);

        await seen.NextSaidAsync("One.");
        await run.InterruptAsync(CancellationToken.None);
        Assert.True((await EndsAsync(seen)).Interrupted);

        await run.SendMessageAsync("Now do [[work]].", CancellationToken.None);
        await RunsAsync(launch.ExecutionId, "86399", expected: true);
        await run.InterruptAsync(CancellationToken.None);
        Assert.True((await EndsAsync(seen)).Interrupted);
        await RunsAsync(launch.ExecutionId, "86399", expected: false);

        await run.InterruptAsync(CancellationToken.None);
        await run.SendMessageAsync("Now do [[end]].", CancellationToken.None);
        var last = await EndsAsync(seen);
        Assert.Equal(("Still here.", false), (last.Summary, last.Interrupted));
    }
}
