using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

[Collection(nameof(FleetOfThree))]
public sealed class UpEndTests
{
    [Fact]
    public async Task Up_HandsBackWhatRunsAndGoesOnWithIt_WhenTerminatedAndStartedAgain()
    {
        await using var vine = await VineFleet.UpAsync(workers: 1);
        var gate = new Gate();
        var task = await vine.FileAsync(
            ModelScript.Named("restarted").Then(Reply.Say("Working.").Hold(gate)), request => request with { MaxAttempts = 1 });
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
        var interrupted = (await task.ExecutionAsync()).Id;

        Assert.Equal(0, await vine.Server.StopAsync());
        await VineFleet.NoProcessIsLeftAsync(interrupted);
        gate.Open();
        await vine.StartAgainAsync();

        await task.MovesToAsync(AgentTaskStatus.Queued);
        Assert.Equal(2, (await task.MovesToAsync(AgentTaskStatus.Completed)).Attempt);
        var events = vine.Events.All;
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long)n), events.Select(happened => happened.Sequence));
    }
}
