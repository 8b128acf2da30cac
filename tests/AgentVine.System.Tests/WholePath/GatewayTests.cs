using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>The model gateway in the whole of the product: who pays, what it costs, and what stops it.</summary>
[Collection(nameof(FleetOfThree))]
public sealed class GatewayTests : IDisposable
{
    private static readonly Dictionary<string, string> NoSettings = [];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-gateway-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Usage_IsOnRecordByTheMinute_AndIsTheResultsCost()
    {
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("metered");
        var task = await vine.FileAsync(ModelScript.Named("metered")
            .Then(AgentReply.Progress("Begun.", 10).Using(new ModelUsage(1_000, 100, CacheRead: 20_000, CacheWrite: 3_000)))
            .Then(Reply.Say("Done.").Using(new ModelUsage(10, 50, CacheRead: 24_000))));

        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        var rows = await vine.Client.ListUsageAsync((await task.ExecutionAsync()).Id, Cancellation);
        Assert.Equal((2, 1_010, 150, 44_000, 3_000), (rows.Sum(row => row.Calls), rows.Sum(row => row.Input), rows.Sum(row => row.Output), rows.Sum(row => row.CacheRead), rows.Sum(row => row.CacheWrite)));
        Assert.Equal(new TokenCount(1_010, 150, 44_000, 3_000), done.Result!.Tokens);
        Assert.True(done.Result.CostUsd > 0);
        Assert.Equal(done.Result.CostUsd.Value, rows.Sum(row => row.CostUsd), precision: 5);
        Assert.Equal(done.Result.CostUsd.Value, done.SpentUsd, precision: 5);
        Assert.Equal("default", (await task.ExecutionAsync()).Account);
    }

    [Fact]
    public async Task LimitOfAnHour_IsOneCall_AndTheTaskGoesOnOnceItsAccountIsOpened()
    {
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("limited");
        var limited = true;
        var task = await vine.FileAsync(ModelScript.Named("limited").ThenAlways(_ => limited ? Fault.RateLimited(TimeSpan.FromHours(1)) : Reply.Finish("After the limit.")));

        await task.MovesToAsync(AgentTaskStatus.InProgress);
        var waiting = await task.MovesToAsync(AgentTaskStatus.Queued);

        Assert.Single(vine.Model.Calls.All);
        var account = await vine.Client.GetAccountAsync("default", Cancellation);
        Assert.Equal((AccountState.Limited, FailureCause.RateLimited), (account.Status, account.Cause));
        Assert.InRange(account.ClosedUntil!.Value - account.ClosedAt!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        var execution = await task.ExecutionAsync();
        Assert.Equal((FailureKind.RateLimit, FailureCause.RateLimited), (execution.Error!.Kind, execution.Error.Cause));
        Assert.Equal(account.ClosedUntil.Value, execution.Error.RetryAt!.Value, TimeSpan.FromSeconds(5));
        Assert.Contains("exceed your account's rate limit", account.Reason, StringComparison.Ordinal);

        limited = false;
        await vine.Client.OpenAccountAsync("default", Cancellation);
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);
        Assert.Equal("After the limit.", done.Result!.Summary);
        Assert.Equal(2, vine.Model.Calls.All.Count);
        Assert.Equal(waiting.MaxAttempts, done.MaxAttempts);
    }

    [Fact]
    public async Task Task_GoesOnWithAnotherAccount_WhenTheFirstIsLimited()
    {
        await using var vine = await VineFleet.ServeAsync(new Dictionary<string, string>
        {
            ["VINE_WORKER_FILE"] = Path.Join(_folder.FullName, "worker.yaml"),
            ["KEY_OF_TEAM"] = "sk-ant-of-the-team-that-is-none",
            ["KEY_OF_SPARE"] = "sk-ant-of-the-spare-that-is-none",
        });
        await File.WriteAllTextAsync(
            Path.Join(_folder.FullName, "worker.yaml"),
            $$"""
            accounts:
              - { name: team, api_key_env: KEY_OF_TEAM, base_url: "{{vine.Model.BaseUrl}}" }
              - { name: spare, auth_token_env: KEY_OF_SPARE, base_url: "{{vine.Model.BaseUrl}}" }
            """,
            Cancellation);
        vine.AddWorker("two-accounts");

        var task = await vine.FileAsync(ModelScript.Named("two-accounts").ThenAlways(_ =>
            vine.Model.Calls.All[^1].Credential!.Contains("team", StringComparison.Ordinal) ? Fault.RateLimited(TimeSpan.FromHours(1)) : Reply.Finish("On the spare one.")));
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Equal("On the spare one.", done.Result!.Summary);
        Assert.Equal(["sk-ant-of-the-team-that-is-none", "Bearer sk-ant-of-the-spare-that-is-none"], vine.Model.Calls.All.Select(call => call.Credential));
        Assert.Equal("spare", (await task.ExecutionAsync()).Account);
        Assert.Equal(AccountState.Limited, (await vine.Client.GetAccountAsync("team", Cancellation)).Status);
    }

    [Fact]
    public async Task Task_IsStopped_WhenItsBudgetIsSpent_WithoutAnotherCall()
    {
        await using var vine = await VineFleet.ServeAsync(NoSettings);
        vine.AddWorker("budget");
        var task = await vine.FileAsync(
            ModelScript.Named("spends").ThenAlways(AgentReply.Progress("On and on.", 10).Using(new ModelUsage(50_000, 1_000))),
            request => request with { BudgetUsd = 1 });

        var failed = await task.MovesToAsync(AgentTaskStatus.Failed);

        Assert.Equal((FailureKind.Budget, FailureCause.BudgetSpent), (failed.Error!.Kind, failed.Error.Cause));
        Assert.StartsWith("The task's budget of $1.00 has no room for another model call", failed.Error.Message, StringComparison.Ordinal);

        // A call costs 0.22: the fifth would end above the budget.
        Assert.Equal(4, vine.Model.Calls.All.Count);
        Assert.InRange(failed.SpentUsd, 0.5m, 1m);
    }

    [Fact]
    public async Task Run_IsPlayedAgainFromItsRecord_ToTheSameBranch_WithoutAModel()
    {
        const string Content = "Grüße aus dem Mitschnitt";
        string recorded;
        await using (var vine = await VineFleet.ServeAsync(new Dictionary<string, string> { ["VINE_GATEWAY__RECORD"] = _folder.FullName }))
        {
            vine.AddWorker("records");
            var task = await vine.FileAsync(Script());
            await task.IsAllowedAsync();
            await task.IsAllowedAsync();
            await task.MovesToAsync(AgentTaskStatus.Completed);
            recorded = await task.DiffAsync();
            Assert.Contains(Content, recorded, StringComparison.Ordinal);
        }

        var files = _folder.GetFiles("*.exchange.jsonl");
        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.DoesNotContain("sk-ant-of-no-account", File.ReadAllText(file.FullName), StringComparison.Ordinal));
        Assert.All(files, file => Assert.DoesNotContain("vine_model_", File.ReadAllText(file.FullName), StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));

        await using var replay = await VineFleet.ServeAsync(new Dictionary<string, string> { ["VINE_GATEWAY__REPLAY"] = _folder.FullName });
        var worker = replay.AddWorker("replays");
        var again = await replay.FileAsync(Script());
        await again.IsAllowedAsync();
        await again.IsAllowedAsync();
        await again.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Equal(recorded, await again.DiffAsync());
        Assert.Empty(replay.Model.Calls.All);
        Assert.Contains("SIMULATION", worker.Log, StringComparison.Ordinal);
        Assert.Single(await again.OutputAsync(), line => line.Kind == OutputKind.Note && line.Text!.StartsWith("SIMULATION", StringComparison.Ordinal));

        ModelScript Script() => ModelScript.Named("recorded")
            .Then(it => Reply.Tool("Write", new { file_path = $"{FolderOf(it)}/recorded.txt", content = Content }))
            .Then(AgentReply.Bash("git add --all && git commit --quiet --message='Add recorded.txt'"))
            .Then(Reply.Finish("Recorded."));
    }

    private static string FolderOf(ScriptContext it)
    {
        const string Begins = "Primary working directory: ";
        var text = it.Body.GetRawText();
        var start = text.IndexOf(Begins, StringComparison.Ordinal) + Begins.Length;
        return text[start..text.IndexOf('\\', start)];
    }
}
