using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>The real Claude Code, alive and doing nothing: nudged, interrupted, killed, and gone on with in its session.</summary>
public sealed class StallTests : IAsyncLifetime
{
    private const string Hang = "python3 -c 'import time; time.sleep(1000)'";
    private static readonly Dictionary<string, string> StallSoon = new() { ["VINE_WORKERS__STALL_AFTER"] = "8" };

    private VineFleet _vine = null!;

    public async ValueTask InitializeAsync()
    {
        _vine = await VineFleet.ServeAsync(StallSoon);
        _vine.AddWorker("stalling");
    }

    public ValueTask DisposeAsync() => _vine?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Attempt_IsKilledStepByStepAndItsSessionGoneOnWith_WhenTheModelNeverAnswers()
    {
        var task = await _vine.FileAsync(ModelScript.Named("silent-model").ThenAlways(it =>
            it.UserTexts.Any(text => text.Contains("You are back at your task", StringComparison.Ordinal))
                ? Reply.Finish("Back again.")
                : Reply.Say("Working.").Hold(new Gate())));

        await task.MovesToAsync(AgentTaskStatus.Queued);
        var first = await task.ExecutionAsync();
        Assert.Contains("stalled", first.Error!.Message, StringComparison.Ordinal);
        var steps = StepsOf(first.Id).ToList();
        Assert.Equal([StallStep.Stalled, StallStep.Nudged, StallStep.Interrupted], steps.Take(3));
        Assert.Equal(StallStep.Killed, steps[^1]);
        Assert.InRange(steps.Count(step => step == StallStep.Interrupted), 1, 2);
        await VineFleet.NoProcessIsLeftAsync(first.Id);

        var done = await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal("Back again.", done.Result!.Summary);
        Assert.Null(done.StalledSince);
        Assert.Equal(first.SessionId, done.SessionId);
        Assert.Empty((await _vine.Client.ListRequestsAsync(null, task.Id, null, CancellationToken.None)).Items);
    }

    [Fact]
    public async Task Agent_GoesOnAnotherWay_WhenItsToolHangsAndItIsInterrupted()
    {
        var task = await _vine.FileAsync(ModelScript.Named("hung-tool").ThenAlways(it =>
            it.UserTexts.Any(text => text.Contains("You have said and done nothing for a while", StringComparison.Ordinal))
                ? Reply.Finish("Done without it.")
                : AgentReply.Bash(Hang)));
        await task.IsAllowedAsync();

        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Equal((1, "Done without it."), (done.Attempt, done.Result!.Summary));
        Assert.Equal(
            [StallStep.Stalled, StallStep.Nudged, StallStep.Interrupted, StallStep.Recovered], StepsOf((await task.ExecutionAsync()).Id));
        Assert.Equal(RequestKind.Permission, Assert.Single((await _vine.Client.ListRequestsAsync(null, task.Id, null, CancellationToken.None)).Items).Kind);
    }

    private IEnumerable<StallStep> StepsOf(Guid executionId) => _vine.Events.All
        .Where(happened => happened.ExecutionId == executionId && happened.Type == EventTypes.ExecutionStalled)
        .Select(happened => Contracts.VineJson.Parse<StallStep>(happened.Data!.Value.GetProperty("step").GetString()!));
}
