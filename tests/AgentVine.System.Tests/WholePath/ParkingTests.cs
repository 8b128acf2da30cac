using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>The real Claude Code, put away while it waits for a person, and brought back by the answer.</summary>
public sealed class ParkingTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> ParkSoon = new() { ["VINE_REQUESTS__PARK_AFTER"] = "2" };

    private VineFleet _vine = null!;

    public async ValueTask InitializeAsync()
    {
        _vine = await VineFleet.ServeAsync(ParkSoon);
        _vine.AddWorker("parking");
    }

    public ValueTask DisposeAsync() => _vine?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Permission_IsAGrantForExactlyThatCommand_WhenItWasGivenToAParkedAttempt()
    {
        const string Command = "echo allowed > permitted.txt";
        var task = await _vine.FileAsync(ModelScript.Named("park-permission").ThenAlways(it =>
            it.ToolResults.Count > 0 && it.LastToolResult.Contains("it ran", StringComparison.Ordinal)
                ? Reply.Finish("Done.")
                : AgentReply.Bash($"{Command} && echo it ran")));
        var request = await ParkedAsync(task);
        await FillsNoSlotAsync(task, request);

        await _vine.Client.AnswerRequestAsync(request.Id, new RequestAnswer { Decision = AnswerDecision.Allow }, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Contains("permitted.txt", await task.DiffAsync(), StringComparison.Ordinal);
        Assert.Equal(2, done.Attempt);
        var requests = (await _vine.Client.ListRequestsAsync(null, task.Id, null, CancellationToken.None)).Items;
        Assert.Equal(2, requests.Count);
        Assert.All(requests, each => Assert.Equal((RequestStatus.Answered, "key:run"), (each.Status, each.DecidedBy)));
        Assert.All(requests, each => Assert.NotNull(each.DeliveredAt));
        await IsOneConversationAsync(task);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_IsInTheNextAttemptsFirstTurn_WhenItsAttemptWasParked(bool withTheFleetsOwnTool)
    {
        var name = withTheFleetsOwnTool ? "park-ask-human" : "park-question";
        var task = await _vine.FileAsync(ModelScript.Named(name).ThenAlways(it =>
            it.UserTexts.Any(text => text.Contains("You are back at your task", StringComparison.Ordinal)) ? Reply.Finish(it.UserTexts[^1])
            : withTheFleetsOwnTool ? AgentReply.AskHuman("Which colour?", "red", "blue")
            : AgentReply.Ask("Which colour?", "red", "blue")));
        var request = await ParkedAsync(task);
        await FillsNoSlotAsync(task, request);

        await _vine.Client.AnswerRequestAsync(
            request.Id, new RequestAnswer { Answers = new Dictionary<string, string> { [request.Questions![0].Question] = "blue" } }, CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Contains("The answer is: blue", done.Result!.Summary, StringComparison.Ordinal);
        Assert.NotNull((await _vine.Client.GetRequestAsync(request.Id, 0, CancellationToken.None)).DeliveredAt);
        Assert.Single(_vine.Events.All, happened => happened.RequestId == request.Id && happened.Type == EventTypes.RequestDelivered);
        await IsOneConversationAsync(task);
    }

    private async Task<RequestView> ParkedAsync(FiledTask task)
    {
        var request = await task.AsksAsync();
        await task.MovesToAsync(AgentTaskStatus.Waiting);
        return await _vine.WaitForAsync(
            async () => await _vine.Client.GetRequestAsync(request.Id, 0, CancellationToken.None) is { ParkedAt: not null } parked ? parked : null, $"request {request.Id} is parked");
    }

    // Another task is done by the one slot that there is, while this one waits.
    private async Task FillsNoSlotAsync(FiledTask task, RequestView request)
    {
        var first = await task.ExecutionAsync();
        Assert.Equal(ExecutionStatus.Parked, first.Status);
        await VineFleet.NoProcessIsLeftAsync(first.Id);
        var other = await _vine.FileAsync(ModelScript.Named($"meanwhile-{request.Id:N}").ThenAlways(_ => Reply.Finish("Nothing to do.")));
        await other.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal((RequestStatus.Open, AgentTaskStatus.Waiting), (request.Status, (await _vine.Client.GetTaskAsync(task.Id, CancellationToken.None)).Status));
    }

    private async Task IsOneConversationAsync(FiledTask task)
    {
        var sessions = (await _vine.Client.ListSessionsAsync(null, task.Id, null, CancellationToken.None)).Items;
        Assert.Equal(SessionEndReason.Completed, Assert.Single(sessions).EndReason);
        var attempts = await _vine.Client.ListTaskExecutionsAsync(task.Id, CancellationToken.None);
        Assert.Equal([ExecutionStatus.Parked, ExecutionStatus.Completed], attempts.Select(attempt => attempt.Status));
        Assert.Equal(attempts[0].SessionId, attempts[1].SessionId);
        Assert.Equal(attempts[0].Id, attempts[1].ResumedFrom);
    }
}
