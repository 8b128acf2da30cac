using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

public sealed class EndingTests : ClaudeTests
{
    [Fact]
    public async Task Exit_IsAFailure_WhenTheProgramIsTerminatedInsideATurn()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        var (_, seen) = await Bench.StartAsync(ModelScript.Named("terminate").Then(Bash("kill -TERM $PPID")));

        var exited = await seen.ToEndAsync();

        Assert.Equal(143, exited.ExitCode);
        Assert.Equal(FailureKind.Transient, exited.Failure!.Kind);
        Assert.Contains("exit code 143 (signal 15)", exited.Failure.Message);
    }

    [Fact]
    public async Task Exit_SaysThatMemoryWasShort_WhenTheSystemKillsTheProgramForIt()
    {
        Assert.SkipUnless(MemoryGroup.IsThere, "The system lets this user make no group with a memory limit.");
        Bench.Model.Add(ModelScript.Named("grow").Then(AgentReply.Ask("Go on?", "Yes", "No")));
        var launch = Bench.Launch("Please do [[grow]].");
        var (run, seen) = await Bench.StartAsync(launch);
        var asked = await seen.NextAsync<AgentAsked>();
        using var group = new MemoryGroup(bytes: 1 << 20, ExecutionProcesses.Of(launch.ExecutionId));

        await run.AnswerAsync(asked.RequestId, new() { Text = new string('x', 4 << 20) }, CancellationToken.None);

        var exited = await seen.ToEndAsync();
        Assert.Equal(FailureCause.OutOfMemory, exited.Failure!.Cause);
        Assert.Contains("short of memory", exited.Failure.Message);
    }

    [Fact]
    public async Task Exit_IsPermanent_WhenTheSessionIdIsTaken()
    {
        var (run, seen) = await Bench.StartAsync(ModelScript.Named("hello").ThenAlways(Reply.Finish("Hello")));
        await EndsAsync(seen);
        await run.CloseAsync(CancellationToken.None);
        var session = Assert.Single(seen.Signals.OfType<AgentSessionStarted>());
        await seen.ToEndAsync();

        (_, seen) = await Bench.StartAsync(Bench.Launch("Please do [[hello]].") with { SessionId = Guid.Parse(session.SessionId) });

        var failure = (await seen.ToEndAsync()).Failure!;
        Assert.Equal(FailureKind.Permanent, failure.Kind);
        Assert.Contains("already in use", failure.Message);
    }

    [Fact]
    public async Task Exit_SaysSo_WhenTheSessionToResumeIsNotThere()
    {
        var launch = Bench.Launch("Go on.") with { Resume = true };

        var (_, seen) = await Bench.StartAsync(launch);

        var failure = (await seen.ToEndAsync()).Failure!;
        Assert.Contains($"No conversation found with session ID: {launch.SessionId}", failure.Message);
    }

    [Fact]
    public async Task Kill_LeavesNoProcess_AndASessionThatGoesOn()
    {
        Bench.Options = Bench.Options with { AllowedTools = ["Bash"] };
        Bench.Model.Add(ModelScript.Named("work").Then(Bash(Forever)));
        Bench.Model.Add(ModelScript.Named("more").Then(Reply.Finish("More.")));
        var launch = Bench.Launch("Please do [[work]].");
        var (run, seen) = await Bench.StartAsync(launch);
        await RunsAsync(launch.ExecutionId, "86399", expected: true);

        await run.KillAsync(CancellationToken.None);

        Assert.Empty(ExecutionProcesses.Of(launch.ExecutionId));
        Assert.Equal(FailureKind.Interrupted, (await seen.ToEndAsync()).Failure!.Kind);

        (_, seen) = await Bench.StartAsync(launch with { ExecutionId = Guid.NewGuid(), Instructions = "Please do [[more]].", Resume = true });
        Assert.Equal("More.", (await EndsAsync(seen)).Summary);
        Assert.Contains(Bench.Model.Calls.All[^1].UserTexts, text => text.Contains("[[work]]", StringComparison.Ordinal));
    }
}
