using AgentVine.Git;
using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class MirrorTests : IDisposable
{
    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Fetch_FindsTheDefaultBranch_WhenNoneIsNamed()
    {
        var source = _ground.NewRepository();
        _ground.Git(source, "checkout", "--quiet", "-b", "trunk");
        var commit = _ground.Commit(source, "a.txt", "a");

        var tip = await _ground.MirrorOf(source).FetchAsync(null, GitGround.Stop);

        Assert.Equal(("trunk", commit, "trunk"), (tip.Branch, tip.Commit, tip.DefaultBranch));
        Assert.Equal("main", (await _ground.MirrorOf(source).FetchAsync("main", GitGround.Stop)).Branch);
    }

    [Fact]
    public async Task Fetch_TakesTheOnlyBranch_WhenHeadNamesNone()
    {
        var source = _ground.NewRepository();
        _ground.Git(source, "checkout", "--quiet", "--detach");

        Assert.Equal("main", (await _ground.MirrorOf(source).FetchAsync(null, GitGround.Stop)).Branch);

        _ground.Git(source, "branch", "other");
        var failure = await FailureAsync(source, null);
        Assert.Equal(GitFailureKind.BranchNotFound, failure.Kind);
        Assert.Contains("main, other", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("feature/ünïcode-✓")]
    [InlineData("a$b`c'd\"e;f&g|h(i)j<k>l!m#n%o")]
    [InlineData("vine")]
    public async Task Fetch_FindsABranch_WhenItsNameIsOdd(string branch)
    {
        var source = _ground.NewRepository();
        _ground.Git(source, "checkout", "--quiet", "-b", branch);
        var commit = _ground.Commit(source, "a.txt", "a");

        var clone = await _ground.CloneAsync(source, Guid.CreateVersion7(), branch: branch);

        Assert.Equal(commit, clone.BaseCommit);
        Assert.Equal(commit, _ground.Git(clone.Folder, "rev-parse", "refs/remotes/origin/" + branch));
    }

    [Fact]
    public async Task Fetch_SaysWhichBranchesThereAre_WhenTheOneNamedIsNot()
    {
        var source = _ground.NewRepository();

        var failure = await FailureAsync(source, "develop");

        Assert.Equal((GitFailureKind.BranchNotFound, false), (failure.Kind, failure.IsTransient));
        Assert.Contains("no branch 'develop': it has main", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--upload-pack=touch canary")]
    [InlineData("main:refs/heads/other")]
    [InlineData("main~1")]
    public async Task Fetch_RefusesABranch_WhenItIsNoName(string branch)
    {
        Assert.Equal(GitFailureKind.BranchNotFound, (await FailureAsync(_ground.NewRepository(), branch)).Kind);
        Assert.Empty(_ground.Log.Lines);
    }

    [Fact]
    public async Task Fetch_SaysSo_WhenTheRepositoryIsEmptyShallowOrNoRepository()
    {
        var empty = Path.Join(_ground.Root, "empty");
        _ground.Git(_ground.Root, "init", "--quiet", empty);
        var source = _ground.NewRepository();
        _ground.Commit(source, "b.txt", "b");
        var shallow = Path.Join(_ground.Root, "shallow");
        _ground.Git(_ground.Root, "clone", "--quiet", "--depth=1", "file://" + source, shallow);

        Assert.Equal(GitFailureKind.EmptyRepository, (await FailureAsync(empty, null)).Kind);
        Assert.Equal(GitFailureKind.EmptyRepository, (await FailureAsync(empty, "main")).Kind);
        Assert.Contains("shallow", (await FailureAsync(shallow, "main")).Message, StringComparison.Ordinal);
        Assert.Equal(GitFailureKind.NotFound, (await FailureAsync(_ground.Home, null)).Kind);
        Assert.Equal(GitFailureKind.NotFound, (await FailureAsync(Path.Join(_ground.Root, "nowhere"), null)).Kind);
    }

    [Fact]
    public async Task Mirror_KeepsCommits_WhenTheBranchIsForcePushedAway()
    {
        var source = _ground.NewRepository();
        var first = await _ground.CloneAsync(source, Guid.CreateVersion7());
        var lost = _ground.Commit(source, "a.txt", "a");
        var second = await _ground.CloneAsync(source, Guid.CreateVersion7());
        Assert.Equal(lost, second.BaseCommit);

        _ground.Git(source, "reset", "--quiet", "--hard", first.BaseCommit);
        var kept = _ground.Commit(source, "b.txt", "b");
        _ground.Git(source, "reflog", "expire", "--expire=now", "--all");
        _ground.Git(source, "gc", "--quiet", "--prune=now");
        var tip = await _ground.MirrorOf(source).FetchAsync("main", GitGround.Stop);

        Assert.Equal(kept, tip.Commit);
        Assert.Equal("a", _ground.Git(second.Folder, "show", lost + ":a.txt"));
        _ground.Git(second.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Mirror_FollowsBranches_WhenOneMakesWayForAFolderOfItsName()
    {
        var source = _ground.NewRepository();
        _ground.Git(source, "branch", "topic");
        await _ground.MirrorOf(source).FetchAsync("topic", GitGround.Stop);

        _ground.Git(source, "branch", "--delete", "topic");
        _ground.Git(source, "branch", "topic/a");

        Assert.Equal("topic/a", (await _ground.MirrorOf(source).FetchAsync("topic/a", GitGround.Stop)).Branch);
        Assert.Equal(GitFailureKind.BranchNotFound, (await FailureAsync(source, "topic")).Kind);
    }

    [Fact]
    public async Task Mirror_WorksOn_WhenGitWasKilledDuringAFetch()
    {
        var source = _ground.NewRepository();
        await _ground.MirrorOf(source).FetchAsync("main", GitGround.Stop);
        var commit = _ground.Commit(source, "a.txt", "a");
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(GitGround.Stop))
        {
            var started = HoldFetches();
            var fetch = _ground.MirrorOf(source).FetchAsync("main", stop.Token);
            await WaitForFileAsync(started);
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch);
        }

        var mirror = _ground.MirrorOf(source);
        File.Delete(Path.Join(_ground.Home, ".gitconfig"));
        foreach (var name in (string[])["refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "config.lock", "shallow.lock"])
        {
            GitGround.Write(mirror.Folder, name, "");
        }

        Assert.Equal(commit, (await mirror.FetchAsync("main", GitGround.Stop)).Commit);
    }

    [Fact]
    public async Task Fetch_IsSharedByAllWhoWait_WhenOneRuns()
    {
        var source = _ground.NewRepository();
        var mirror = _ground.MirrorOf(source);
        var started = HoldFetches(release: true);

        var first = mirror.FetchAsync("main", GitGround.Stop);
        await WaitForFileAsync(started);
        var commit = _ground.Commit(source, "a.txt", "a");
        var others = Enumerable.Range(0, 5).Select(_ => mirror.FetchAsync("main", GitGround.Stop)).ToList();
        File.WriteAllText(Path.Join(_ground.Root, "release"), "");
        await first;
        var tips = await Task.WhenAll(others);

        Assert.All(tips, tip => Assert.Equal(commit, tip.Commit));
        Assert.Equal(2, _ground.Log.Verbs.Count(verb => verb == "fetch"));
    }

    [Fact]
    public async Task Fetch_GoesOnForTheOthers_WhenOneCallerGivesUp()
    {
        var source = _ground.NewRepository();
        var mirror = _ground.MirrorOf(source);
        var started = HoldFetches(release: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(GitGround.Stop);

        var impatient = mirror.FetchAsync("main", stop.Token);
        var patient = mirror.FetchAsync("main", GitGround.Stop);
        await WaitForFileAsync(started);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        File.WriteAllText(Path.Join(_ground.Root, "release"), "");

        Assert.Equal("main", (await patient).Branch);
    }

    [Fact]
    public async Task Fetch_SucceedsForAll_WhenSeveralProcessesShareTheFolder()
    {
        var source = _ground.NewRepository();
        var stores = Enumerable.Range(0, 4).Select(_ => _ground.NewMirrors(_ground.Runner)).ToList();

        var tips = await Task.WhenAll(stores.Select(store => store.For(RepositoryUrl.Parse(source)).FetchAsync("main", GitGround.Stop)));

        Assert.Single(tips.Select(tip => tip.Commit).Distinct());
        Assert.Equal(4, _ground.Log.Verbs.Count(verb => verb == "fetch"));
    }

    [Fact]
    public async Task Mirror_JoinsItsPacks_WhenTheyAreMany()
    {
        GitGround.Write(_ground.Home, ".gitconfig", "[fetch]\n\tunpackLimit = 1\n");
        var source = _ground.NewRepository();
        var mirror = _ground.NewMirrors(_ground.NewRunner(new GitOptions { Environment = _ground.Variables, JoinPacksFrom = 4 }))
            .For(RepositoryUrl.Parse(source));
        for (var round = 0; round < 6; round++)
        {
            var commit = _ground.Commit(source, "a.txt", $"round {round}");
            Assert.Equal(commit, (await mirror.FetchAsync("main", GitGround.Stop)).Commit);
        }

        Assert.True(Directory.GetFiles(Path.Join(mirror.ObjectsFolder, "pack"), "*.pack").Length < 4);
        _ground.Git(mirror.Folder, "fsck", "--strict");
    }

    private Task<GitException> FailureAsync(string source, string? branch) =>
        Assert.ThrowsAsync<GitException>(() => _ground.MirrorOf(source).FetchAsync(branch, GitGround.Stop));

    /// <summary>Has fetches stop in their middle; returns the file that shows up when one does.</summary>
    private string HoldFetches(bool release = false)
    {
        var started = Path.Join(_ground.Root, "started");
        var wait = release ? $"while [ ! -e {_ground.Root}/release ]; do sleep 0.02; done; exec \"$@\"" : "exec sleep 300";
        var script = _ground.NewScript("hold", $"touch {started}\n{wait}");
        GitGround.Write(_ground.Home, ".gitconfig", $"[uploadpack]\n\tpackObjectsHook = {script}\n");
        return started;
    }

    private static async Task WaitForFileAsync(string file)
    {
        while (!File.Exists(file))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, GitGround.Stop);
        }
    }
}
