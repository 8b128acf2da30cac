using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>Tasks of the real Claude Code that build on others' work.</summary>
public sealed class DependencyTests(ServerAlone server) : IClassFixture<ServerAlone>
{
    private const string Look = "cat first.txt second.txt; cat own.txt";

    private VineFleet Vine => server.Vine;

    [Fact]
    public async Task Task_StartsWithTheWorkOfItsDependencies_AndKeepsThatAtAnotherHost()
    {
        var worker = Vine.AddWorker("merging");
        var first = await DoneAsync("dep-first", "first.txt");
        var second = await DoneAsync("dep-second", "second.txt");
        var review = await Vine.FileAsync(ModelScript.Named("dep-review").Then(Reply.Finish("Fine.")), request => request with { TaskType = TaskType.Review, DependsOn = [second] });
        await review.MovesToAsync(AgentTaskStatus.Completed);

        var task = await Vine.FileAsync(Dependent("dep-own"), request => request with { DependsOn = [first, review.Id], PermissionLevel = PermissionLevel.Supervised });
        await task.IsAllowedAsync();
        var handedIn = await task.MovesToAsync(AgentTaskStatus.InReview);

        var asked = string.Concat(Vine.Model.Calls.Of("dep-own")[0].UserTexts);
        Assert.Contains("# Work of other tasks in your files", asked, StringComparison.Ordinal);
        Assert.Contains("Play dep-first", asked, StringComparison.Ordinal);
        Assert.Contains("Play dep-second", asked, StringComparison.Ordinal);
        Assert.Equal(new DiffStat(1, 1, 0), handedIn.Result!.DiffStat);
        await HasItsOwnDiffAloneAsync(task);
        Assert.Contains(await task.OutputAsync(), line => line.Text?.StartsWith("It has the work of: \"Play dep-first\"", StringComparison.Ordinal) == true);
        Assert.Equal((await task.ExecutionAsync()).MergedBase, handedIn.Result.BaseCommit);

        Assert.Equal(0, await worker.StopAsync());
        await File.WriteAllTextAsync(Path.Join(Vine.Repository.Folder, "meanwhile.txt"), "x\n");
        await Vine.Repository.GitAsync("add", "--all");
        await Vine.Repository.GitAsync("-c", "user.name=A person", "-c", "user.email=person@agentvine.invalid", "commit", "--quiet", "--message=Meanwhile");
        worker = Vine.AddWorker("other-host");
        await Vine.Client.RejectTaskAsync(task.Id, "Look once more.", CancellationToken.None);
        await task.MovesToAsync(AgentTaskStatus.Queued);
        var again = await task.MovesToAsync(AgentTaskStatus.InReview);

        Assert.Contains("first\nsecond\nown", again.Result!.Summary, StringComparison.Ordinal);
        Assert.Equal(handedIn.Result.BaseCommit, again.Result.BaseCommit);
        Assert.Equal("other-host", (await task.ExecutionAsync()).WorkerName);
        await HasItsOwnDiffAloneAsync(task);
        Assert.Equal(0, await worker.StopAsync());
    }

    [Fact]
    public async Task Task_FailsWithBothNamesAndTheFiles_WhenItsDependenciesDoNotGoTogether()
    {
        var worker = Vine.AddWorker("conflicting");
        var first = await DoneAsync("clash-first", "clash.txt");
        var second = await DoneAsync("clash-second", "clash.txt");
        var task = await Vine.FileAsync(Dependent("clash-own"), request => request with { DependsOn = [first, second] });

        var failed = await task.MovesToAsync(AgentTaskStatus.Failed);

        Assert.Equal((FailureKind.Permanent, FailureCause.Git), (failed.Error!.Kind, failed.Error.Cause));
        Assert.Contains($"\"Play clash-second\" ({second})", failed.Error.Message, StringComparison.Ordinal);
        Assert.Contains($"\"Play clash-first\" ({first}) conflict in clash.txt", failed.Error.Message, StringComparison.Ordinal);
        Assert.Empty(Vine.Model.Calls.Of("clash-own"));
        var file = await Vine.Client.GetCaseFileAsync(task.Id, CancellationToken.None);
        Assert.Equal((failed.Error.Message, 1), (file.Entry.Message, file.Attempts.Count));
        Assert.Equal(0, await worker.StopAsync());
    }

    private static ModelScript Dependent(string name) => ModelScript.Named(name)
        .Then(AgentReply.Commit("own.txt", "own"))
        .Then(Reply.Finish("Look at it."))
        .Then(AgentReply.Bash(Look))
        .ThenAlways(it => Reply.Finish(it.LastToolResult));

    private async Task<Guid> DoneAsync(string name, string file)
    {
        var task = await Vine.FileAsync(ModelScript.Named(name).Then(AgentReply.Commit(file, name.Split('-')[1])).Then(Reply.Finish("Done.")));
        await task.IsAllowedAsync();
        await task.MovesToAsync(AgentTaskStatus.Completed);
        return task.Id;
    }

    private static async Task HasItsOwnDiffAloneAsync(FiledTask task)
    {
        var diff = await task.DiffAsync();
        Assert.Contains("own.txt", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("first.txt", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("second.txt", diff, StringComparison.Ordinal);
    }
}
