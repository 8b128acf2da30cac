using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.ScriptedModel;
using AgentVine.Testing.Fleet;
using Xunit;

namespace AgentVine.System.Tests.WholePath;

/// <summary>Attempts of the real Claude Code that are cut, and what the next one knows and finds.</summary>
public sealed class ResumeTests(ServerAlone server) : IClassFixture<ServerAlone>
{
    private const string Word = "Rumpelstiltskin";

    private static readonly string Files = $"echo 'two' >> README.md && mkdir -p notes && echo '{Word}' > notes/untracked.txt && git status --porcelain";

    private VineFleet Vine => server.Vine;

    [Fact]
    public async Task Task_GoesOnAtAnotherWorker_WhenItsWorkerIsKilledAndItsDiskIsGone()
    {
        var gate = new Gate();
        var worker = Vine.AddWorker("first-host");
        var task = await Vine.FileAsync(Script("moved", gate));
        await task.IsAllowedAsync();
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
        var first = await task.ExecutionAsync();
        await StoredAsync(first.Id);
        var folder = await task.FolderAsync("");

        worker.Kill();
        await VineFleet.NoProcessIsLeftAsync(first.Id);
        Directory.Delete(folder, recursive: true);
        var other = Vine.AddWorker("second-host");
        await IsWhereItWasAsync(task, first);

        Assert.Equal(0, await other.StopAsync());
        await NothingIsLeftAsync(task);
    }

    [Fact]
    public async Task Task_GoesOn_WhenItsWorkerIsKilledAndStartedAnew_FromWhatItSalvaged()
    {
        var gate = new Gate();
        var worker = Vine.AddWorker("salvaging");
        var task = await Vine.FileAsync(Script("salvaged", gate));
        await task.IsAllowedAsync();
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
        var first = await task.ExecutionAsync();
        await StoredAsync(first.Id);
        await File.WriteAllTextAsync(await task.FolderAsync("clone/notes/last.txt"), "written just before\n");
        worker.Kill();
        await VineFleet.NoProcessIsLeftAsync(first.Id);

        worker = Vine.AddWorker("salvaging");
        await IsWhereItWasAsync(task, first);

        Assert.Contains(await Vine.Client.ListCheckpointsAsync(first.Id, CancellationToken.None), kept => kept.Trigger == CheckpointTrigger.Salvaged);
        Assert.Contains("notes/last.txt", await task.DiffAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await worker.StopAsync());
        await NothingIsLeftAsync(task);
    }

    [Fact]
    public async Task Task_GoesOn_WhenItsAgentDiesInTheMiddle()
    {
        var gate = new Gate();
        var worker = Vine.AddWorker("dying-agent");
        var task = await Vine.FileAsync(Script("agent-died", gate));
        await task.IsAllowedAsync();
        await gate.Reached.WaitAsync(TimeSpan.FromSeconds(120), TimeProvider.System);
        var first = await task.ExecutionAsync();
        VineFleet.KillAgent(first.Id);

        // Its worker lived on, and has committed what the agent had not.
        await IsWhereItWasAsync(task, first, isCommitted: true);

        Assert.Equal(0, await worker.StopAsync());
        await NothingIsLeftAsync(task);
    }

    // Its first turn stays at the gate for ever; one that knows of the cut looks at its files and says what it sees.
    private static ModelScript Script(string name, Gate gate) => ModelScript.Named(name)
        .Then(AgentReply.Bash(Files))
        .ThenAlways(it => !IsBack(name, it.UserTexts) ? Reply.Say("And now.").Hold(gate)
            : !it.LastToolResult.Contains("seen:", StringComparison.Ordinal) ? AgentReply.Bash("echo seen: && git status --porcelain && cat notes/untracked.txt")
            : Reply.Finish(it.LastToolResult));

    // Of this very task: the session may have served another one before.
    private static bool IsBack(string name, IEnumerable<string> userTexts) =>
        userTexts.Any(text => text.Contains($"You are back at your task \u201cPlay {name}\u201d", StringComparison.Ordinal));

    private async Task IsWhereItWasAsync(FiledTask task, ExecutionView first, bool isCommitted = false)
    {
        await task.MovesToAsync(AgentTaskStatus.Queued);
        var done = await task.MovesToAsync(AgentTaskStatus.Completed);

        Assert.Contains(isCommitted ? "seen:\n" + Word : "seen:\n M README.md\n?? notes/\n" + Word, done.Result!.Summary, StringComparison.Ordinal);
        Assert.Contains("README.md", await task.DiffAsync(), StringComparison.Ordinal);
        Assert.Equal(2, done.Attempt);
        var name = done.Title["Play ".Length..];
        var calls = Vine.Model.Calls.Of(name).Where(call => IsBack(name, call.UserTexts)).ToList();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.Contains(call.UserTexts, text => text.Contains($"Please play [[{name}]]", StringComparison.Ordinal)));
        var sessions = (await Vine.Client.ListSessionsAsync(null, task.Id, null, CancellationToken.None)).Items;
        Assert.Equal(first.SessionId, Assert.Single(sessions).SessionId);
        await VineFleet.NoProcessIsLeftAsync(first.Id);
    }

    private async Task StoredAsync(Guid executionId) => await Vine.WaitForAsync(
        async () => (await Vine.Client.ListCheckpointsAsync(executionId, CancellationToken.None)) is [.., var newest] ? newest : null, $"a checkpoint of execution {executionId} is stored");

    private async Task NothingIsLeftAsync(FiledTask task)
    {
        foreach (var execution in await Vine.Client.ListTaskExecutionsAsync(task.Id, CancellationToken.None))
        {
            Assert.Empty(Directory.EnumerateDirectories(Vine.DataFolder, $"{execution.Id}*", SearchOption.AllDirectories));
        }
    }
}
