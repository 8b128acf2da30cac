using System.Diagnostics;
using System.Text;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>From a repository to a branch that people fetch, with every step that worker and server take.</summary>
public sealed class ResultPathTests : IDisposable
{
    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Result_CanBeFetchedAndDiffed_WhenAnAgentChangedFiles()
    {
        var source = _ground.NewRepository();
        var taskId = Guid.CreateVersion7();
        var repository = _ground.Server.For(Guid.CreateVersion7());

        var clone = await _ground.CloneAsync(source, taskId);
        GitGround.Write(clone.Folder, "src/new.txt", "one\ntwo\n");
        GitGround.Write(clone.Folder, "readme.md", "hello, world\n");
        var bundle = await _ground.TakeResultAsync(clone);
        await _ground.MirrorOf(source).VerifyAsync(bundle, GitGround.Stop);
        var outcome = await _ground.StoreAsync(repository, _ground.MirrorOf(source), bundle, taskId, attempt: 1);

        var stored = Assert.IsType<StoreOutcome.Stored>(outcome);
        Assert.Equal(new DiffStat(2, 3, 1), await repository.DiffStatAsync(clone.BaseCommit, stored.Commit, GitGround.Stop));
        using var diff = new MemoryStream();
        Assert.True(await repository.DiffAsync(clone.BaseCommit, stored.Commit, diff, 1_000_000, GitGround.Stop));
        Assert.Contains("+hello, world\n", Encoding.UTF8.GetString(diff.ToArray()), StringComparison.Ordinal);

        _ground.Git(source, "fetch", "--quiet", repository.Folder, WorkRefs.Branch(taskId));
        Assert.Equal(stored.Commit, _ground.Git(source, "rev-parse", "FETCH_HEAD"));
        Assert.Equal("AgentVine agent <agent@agentvine.invalid>", _ground.Git(source, "log", "-1", "--format=%an <%ae>", "FETCH_HEAD"));
    }

    [Fact]
    public async Task Preparation_TakesFourCommands_WhenTheMirrorIsThere()
    {
        var source = _ground.NewRepository();
        await _ground.CloneAsync(source, Guid.CreateVersion7());

        _ground.Log.Clear();
        var started = Stopwatch.GetTimestamp();
        await _ground.CloneAsync(source, Guid.CreateVersion7());
        TestContext.Current.TestOutputHelper!.WriteLine($"Fetched and cloned in {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
        Assert.Equal(["fetch", "for-each-ref", "init", "reset"], _ground.Log.Verbs);
    }
}
