using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>What becomes of a task by what goes wrong, with the real Claude Code: docs/guide/failures.md tells it to people.</summary>
public sealed class FailureTableTests
{
    private static readonly Dictionary<string, string> NoSettings = [];

    // Each of one task alone, so that they may share a fleet.
    private static readonly Row[] OfTheTask =
    [
        new("529", Fault.Overloaded, FailureKind.Transient, FailureCause.Overloaded, "overloaded"),
        new("500", Fault.ServerError, FailureKind.Transient, FailureCause.ServerError, "500"),
        new("dropped", Fault.Dropped, FailureKind.Transient, FailureCause.Unreachable, "got no answer"),
        new("malformed", Fault.Malformed, FailureKind.Transient, FailureCause.MalformedAnswer, "malformed"),
        new("too-long", Fault.PromptTooLong, FailureKind.Permanent, FailureCause.PromptTooLong, "window"),
        new("400", Fault.Status(400, "invalid_request_error", "messages: is not right"), FailureKind.Permanent, FailureCause.RequestRefused, "messages: is not right"),
        new("refusal", Fault.Refusal("Rather not."), FailureKind.BadResult, FailureCause.Refusal, "declined"),
        new("cut", Fault.CutOff("And so on and"), FailureKind.BadResult, FailureCause.OutputLimit, "output tokens"),
        new("killed", AgentReply.Bash("kill -9 $PPID; sleep 60"), FailureKind.Transient, FailureCause.Killed, "signal 9"),
    ];

    // These concern the account, and so all its tasks: each has a fleet of its own.
    private static readonly Row[] OfTheAccount =
    [
        new("401", Fault.Unauthorized, FailureKind.Permanent, FailureCause.KeyRefused, "account"),
        new("no-credit", Fault.NoCredit, FailureKind.Permanent, FailureCause.NoCredit, "credit"),
        new("429", Fault.RateLimited(), FailureKind.RateLimit, FailureCause.RateLimited, "rate limit"),
        new("429-hour", Fault.RateLimited(TimeSpan.FromHours(1)), FailureKind.RateLimit, FailureCause.RateLimited, "rate limit"),
    ];

    public static TheoryData<string> AccountRows => [.. OfTheAccount.Select(row => row.Name)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Task_Fails_WithItsCause_OrOutlastsTheProvidersTrouble()
    {
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("one");
        vine.AddWorker("two");
        var wrong = new List<string>();
        foreach (var row in OfTheTask)
        {
            var task = await FileAsync(vine, row, attempts: 1);
            if (row.Name == "killed")
            {
                await task.IsAllowedAsync();
            }

            var failed = await task.MovesToAsync(row.IsOfTheProvider ? AgentTaskStatus.Queued : AgentTaskStatus.Failed);
            if (row.IsOfTheProvider)
            {
                // It would be tried again for an hour and a half.
                await vine.Client.CancelTaskAsync(task.Id, null, Cancellation);
            }

            if (failed.Error is not { } error || (error.Kind, error.Cause) != (row.Kind, row.Cause) || !Tells(error.Message, row.Words))
            {
                wrong.Add($"{row.Name}: {failed.Error}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.Equal(OfTheTask.Count(row => !row.IsOfTheProvider), (await vine.Client.GetQueueStatusAsync(Cancellation)).Queues.Sum(queue => queue.Dead));
    }

    [Theory]
    [MemberData(nameof(AccountRows))]
    public async Task Account_IsClosed_AndNothingMoreOfItIsStarted(string name)
    {
        var row = OfTheAccount.First(row => row.Name == name);
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("one");
        var first = await FileAsync(vine, row, attempts: 3);

        await first.MovesToAsync(AgentTaskStatus.InProgress);
        var view = await first.MovesToAsync(row.Kind == FailureKind.RateLimit ? AgentTaskStatus.Queued : AgentTaskStatus.Failed);
        var calls = vine.Model.Calls.All.Count;
        var second = await vine.FileAsync(ModelScript.Named("second").ThenAlways(Reply.Finish("Never said.")));

        var account = await vine.Client.GetAccountAsync("default", Cancellation);
        Assert.Equal((row.Kind == FailureKind.RateLimit ? AccountState.Limited : AccountState.Closed, row.Cause), (account.Status, account.Cause));
        Assert.Equal((row.Kind, row.Cause), ((await first.ExecutionAsync()).Error!.Kind, (await first.ExecutionAsync()).Error!.Cause));
        var waiting = await vine.Client.GetTaskAsync(second.Id, Cancellation);
        Assert.Equal(AgentTaskStatus.Queued, waiting.Status);
        Assert.StartsWith("account default: ", waiting.StatusReason, StringComparison.Ordinal);
        Assert.Contains(account.Reason!, waiting.StatusReason, StringComparison.Ordinal);
        var queue = await vine.Client.GetQueueStatusAsync(Cancellation);
        Assert.Equal((0, row.Kind == FailureKind.RateLimit ? 2 : 1), (queue.Queues.Sum(each => each.Ready), queue.Queues.Sum(each => each.Held)));
        Assert.Equal("default", Assert.Single(queue.Accounts).Name);
        Assert.Equal(calls, vine.Model.Calls.All.Count);
        Assert.InRange(calls, 1, name == "401" ? 3 : 1);
        Assert.True(Tells(view.StatusReason!, row.Words), view.StatusReason);
    }

    /// <summary>The table of docs/guide/failures.md, measured: three minutes of each, run by hand with <c>-explicit only</c>.</summary>
    [Fact(Explicit = true)]
    public async Task Table_OfThreeMinutes()
    {
        var lines = new List<string>();
        foreach (var rows in OfTheTask.Concat(OfTheAccount).Where(row => row.Name != "killed").Chunk(3))
        {
            lines.AddRange(await Task.WhenAll(rows.Select(LineAsync)));
        }

        TestContext.Current.SendDiagnosticMessage("{0}", string.Join('\n', lines));
        await File.WriteAllLinesAsync(Path.Join(Path.GetTempPath(), "vine-failures.txt"), lines, Cancellation);
    }

    private static async Task<string> LineAsync(Row row)
    {
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("one");
        var task = await FileAsync(vine, row, attempts: 3);
        await vine.WaitForAsync(() => Task.FromResult(vine.Model.Calls.All.Count > 0 ? vine : null), "the model is called");
        await Task.Delay(TimeSpan.FromMinutes(3), TimeProvider.System, Cancellation);
        var view = await task.ViewAsync();
        var attempts = vine.Events.All.Count(happened => happened.Type == EventTypes.ExecutionStarted);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{row.Name,-10} {VineJson.Name(view.Status),-8} {attempts} attempts, {vine.Model.Calls.All.Count} calls; {VineJson.Name(view.Error?.Kind ?? row.Kind)}/{view.Error?.Cause?.ToString() ?? "-"}: {view.StatusReason}");
    }

    private static Task<FiledTask> FileAsync(VineFleet vine, Row row, int attempts) =>
        vine.FileAsync(ModelScript.Named(row.Name).ThenAlways(row.Reply), request => request with { MaxAttempts = attempts });

    private static bool Tells(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private sealed record Row(string Name, ModelReply Reply, FailureKind Kind, FailureCause Cause, string Words)
    {
        public bool IsOfTheProvider => Cause is FailureCause.Overloaded or FailureCause.ServerError or FailureCause.Unreachable or FailureCause.MalformedAnswer;
    }
}
