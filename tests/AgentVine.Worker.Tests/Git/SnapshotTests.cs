using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>Work in progress of a clone, taken while its agent may be at work, and brought back in another one.</summary>
public sealed class SnapshotTests : IDisposable
{
    private readonly GitGround _ground = new();
    private readonly Guid _taskId = Guid.CreateVersion7();
    private readonly string _source;

    public SnapshotTests() => _source = _ground.NewRepository();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Snapshot_HoldsTheWorkingTree_AndTouchesNothingOfTheAgents()
    {
        var clone = await NewCloneAsync();
        var head = _ground.Commit(clone.Folder, "done.txt", "done");
        GitGround.Write(clone.Folder, ".gitignore", "build/\n");
        GitGround.Write(clone.Folder, "build/x", "x");
        GitGround.Write(clone.Folder, "staged.txt", "staged");
        _ground.Git(clone.Folder, "add", "staged.txt");
        GitGround.Write(clone.Folder, "staged.txt", "changed since");
        GitGround.Write(clone.Folder, "sub/untracked.txt", "untracked");
        File.Delete(Path.Join(clone.Folder, "readme.md"));
        var (status, refs) = (_ground.Git(clone.Folder, "status", "--porcelain"), Refs(clone));

        var snapshot = await _ground.SnapshotAsync(clone, _taskId);

        Assert.True(snapshot.IsWhole);
        Assert.Equal((head, head), (snapshot.HeadCommit, _ground.Git(clone.Folder, "rev-parse", snapshot.Commit + "^1")));
        Assert.Equal(
            ["A\t.gitignore", "D\treadme.md", "A\tstaged.txt", "A\tsub/untracked.txt"],
            _ground.Git(clone.Folder, "diff", "--name-status", head, snapshot.Commit).Split('\n'));
        Assert.Equal("changed since", _ground.Git(clone.Folder, "show", snapshot.Commit + ":staged.txt"));
        Assert.Equal((status, refs), (_ground.Git(clone.Folder, "status", "--porcelain"), Refs(clone)));
    }

    [Fact]
    public async Task Snapshot_GoesOnFromTheOneBefore_AndIsTheSame_WhenNothingChanged()
    {
        var clone = await NewCloneAsync();
        GitGround.Write(clone.Folder, "a.txt", "a");
        var first = await _ground.SnapshotAsync(clone, _taskId);

        Assert.Equal(first, await _ground.SnapshotAsync(clone, _taskId, previous: first));

        GitGround.Write(clone.Folder, "b.txt", "b");
        var second = await _ground.SnapshotAsync(clone, _taskId, previous: first);
        Assert.Equal([first.Commit, clone.BaseCommit], Parents(clone, second));
        var bundle = await _ground.BundleAsync(clone, _taskId, acknowledged: first.Commit);
        Assert.Equal(new[] { clone.BaseCommit, first.Commit }.Order(), bundle.Prerequisites.Order());
    }

    [Fact]
    public async Task Snapshot_KeepsBranchesStashesAndTags_ThatNothingElseLeadsTo()
    {
        _ground.Git(_source, "checkout", "--quiet", "-b", "gone");
        _ground.Commit(_source, "only-tagged.txt", "x");
        _ground.Git(_source, "tag", "v1");
        _ground.Git(_source, "checkout", "--quiet", "main");
        _ground.Git(_source, "branch", "--quiet", "-D", "gone");
        var clone = await NewCloneAsync();
        var side = OnBranch(clone, "side", "side.txt");
        var deeper = OnBranch(clone, "deeper", "deeper.txt", "side");
        var tagged = OnBranch(clone, "tagged", "tagged.txt");
        _ground.Git(clone.Folder, "tag", "mine");
        _ground.Git(clone.Folder, "checkout", "--quiet", clone.WorkBranch);
        _ground.Git(clone.Folder, "branch", "--quiet", "-D", "tagged");
        var stashes = new[] { Stash(clone, "one"), Stash(clone, "two") };
        var request = new SnapshotRequest
        {
            Folder = clone.Folder,
            Reference = WorkRefs.WorkInProgress(_taskId, 1),
            BaseCommit = clone.BaseCommit,
            Known = await _ground.MirrorOf(_source).ListObjectsAsync(GitGround.Stop),
        };

        var snapshot = await new SnapshotTaker(_ground).TakeAsync(request, GitGround.Stop);

        var parents = Parents(clone, snapshot);
        Assert.Equal(clone.BaseCommit, parents[^1]);
        Assert.Equal(stashes.Append(deeper).Append(tagged).Order(), parents[..^1].Order());
        Assert.DoesNotContain(side, parents);
    }

    [Theory]
    [InlineData("merge")]
    [InlineData("rebase")]
    public async Task Snapshot_IsTaken_InTheMiddleOfAConflict_AndBesideTheAgentsLocks(string what)
    {
        var clone = await NewCloneAsync();
        var side = OnBranch(clone, "side", "readme.md");
        _ground.Git(clone.Folder, "checkout", "--quiet", clone.WorkBranch);
        var work = _ground.Commit(clone.Folder, "readme.md", "work\n");
        Assert.NotEqual(0, _ground.TryGit(clone.Folder, what, "side").ExitCode);
        GitGround.Write(clone.Folder, ".git/index.lock", "");
        GitGround.Write(clone.Folder, ".git/HEAD.lock", "");
        GitGround.Write(clone.Folder, $".git/refs/heads/{clone.WorkBranch}.lock", "");
        var status = _ground.Git(clone.Folder, "status", "--porcelain");

        var snapshot = await _ground.SnapshotAsync(clone, _taskId);

        Assert.Contains("<<<<<<<", _ground.Git(clone.Folder, "show", snapshot.Commit + ":readme.md"), StringComparison.Ordinal);
        Assert.All([side, work], commit => Assert.Equal(0, _ground.TryGit(clone.Folder, "merge-base", "--is-ancestor", commit, snapshot.Commit).ExitCode));
        Assert.Equal(status, _ground.Git(clone.Folder, "status", "--porcelain"));
    }

    [Fact]
    public async Task Snapshot_HasTheBaseForHead_WhenTheAgentIsOnABranchWithoutACommit()
    {
        var clone = await NewCloneAsync();
        var work = _ground.Commit(clone.Folder, "work.txt", "work");
        _ground.Git(clone.Folder, "checkout", "--quiet", "--orphan", "fresh");

        var snapshot = await _ground.SnapshotAsync(clone, _taskId);

        Assert.Equal(clone.BaseCommit, snapshot.HeadCommit);
        Assert.Equal([work, clone.BaseCommit], Parents(clone, snapshot));
    }

    [Fact]
    public async Task Snapshot_IsNotWhole_WhenAFileCannotBeRead()
    {
        var clone = await NewCloneAsync();
        _ground.Git(clone.Folder, "init", "--quiet", "empty");
        GitGround.Write(clone.Folder, "empty/file.txt", "x");
        GitGround.Write(clone.Folder, "zz.txt", "zz");

        var snapshot = await _ground.SnapshotAsync(clone, _taskId);

        Assert.False(snapshot.IsWhole);
        Assert.Equal("zz", _ground.Git(clone.Folder, "show", snapshot.Commit + ":zz.txt"));
    }

    [Fact]
    public async Task Snapshot_IsNotWhole_WhenTheAgentMadeARepositoryInsideTheClone()
    {
        var clone = await NewCloneAsync();
        _ground.Git(clone.Folder, "init", "--quiet", "inner");
        GitGround.Write(clone.Folder, "inner/file.txt", "x");
        _ground.Git(Path.Join(clone.Folder, "inner"), "add", "--all");
        _ground.Git(Path.Join(clone.Folder, "inner"), "-c", "user.name=a", "-c", "user.email=a@agentvine.invalid", "commit", "--quiet", "-m", "inner");

        Assert.False((await _ground.SnapshotAsync(clone, _taskId)).IsWhole);
    }

    [Fact]
    public async Task Snapshot_IsTaken_WhileFilesComeAndGo()
    {
        var clone = await NewCloneAsync();
        using var stop = new CancellationTokenSource();
        var churning = Task.Run(
            () =>
            {
                for (var n = 0; !stop.IsCancellationRequested; n++)
                {
                    GitGround.Write(clone.Folder, $"churn/{n % 50}.txt", $"{n}");
                    File.Delete(Path.Join(clone.Folder, "churn", $"{(n + 25) % 50}.txt"));
                }
            },
            CancellationToken.None);
        GitGround.Write(clone.Folder, "calm \u00fc.txt", "calm");
        Snapshot? last = null;
        try
        {
            for (var n = 0; n < 10; n++)
            {
                last = await _ground.SnapshotAsync(clone, _taskId, previous: last);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await churning;
        }

        Assert.Equal("calm", _ground.Git(clone.Folder, "show", last!.Commit + ":calm \u00fc.txt"));
    }

    [Fact]
    public async Task Clone_IsAsItWas_WhenMadeFromASnapshotThatTheServerKept()
    {
        var first = await NewCloneAsync();
        var head = _ground.Commit(first.Folder, "done.txt", "done");
        var side = OnBranch(first, "side", "side.txt");
        _ground.Git(first.Folder, "checkout", "--quiet", first.WorkBranch);
        GitGround.Write(first.Folder, "done.txt", "changed");
        GitGround.Write(first.Folder, "sub/untracked.txt", "untracked");
        File.Delete(Path.Join(first.Folder, "readme.md"));
        var snapshot = await _ground.SnapshotAsync(first, _taskId);
        var server = _ground.Server.For(Guid.NewGuid());
        await StoreAsync(server, await _ground.BundleAsync(first, _taskId));
        PrivateClone.Delete(first.Folder);
        var stored = await server.CreateBundleAsync(WorkRefs.WorkInProgress(_taskId, 1), [first.BaseCommit], _ground.NewFile(), GitGround.Stop);

        var second = await _ground.CloneAsync(_source, _taskId, new PrivateCloneStart(stored, head));

        Assert.Equal((first.BaseCommit, head), (second.BaseCommit, second.StartCommit));
        Assert.Equal(second.WorkBranch, _ground.Git(second.Folder, "branch", "--show-current"));
        Assert.Equal(head, _ground.Git(second.Folder, "rev-parse", "HEAD"));
        Assert.Equal("M done.txt\n D readme.md\n?? sub/", _ground.Git(second.Folder, "status", "--porcelain"));
        Assert.Equal("side.txt", _ground.Git(second.Folder, "show", side + ":side.txt"));

        // What only the snapshot before kept is kept by the next attempt's too.
        var next = await _ground.SnapshotAsync(second, _taskId, attempt: 2);
        Assert.Equal([snapshot.Commit, head], Parents(second, next));
        await StoreAsync(server, await _ground.BundleAsync(second, _taskId, 2, snapshot.Commit), attempt: 2);
    }

    [Fact]
    public async Task Clone_IsNotMade_WhenTheSnapshotsHeadIsNotAsAnnounced()
    {
        var first = await NewCloneAsync();
        await _ground.SnapshotAsync(first, _taskId);
        var bundle = await _ground.BundleAsync(first, _taskId);

        var refusal = await Assert.ThrowsAsync<BundleException>(
            () => _ground.CloneAsync(_source, _taskId, new PrivateCloneStart(bundle, bundle.Commit)));

        Assert.Equal(BundleFault.Damaged, refusal.Fault);
    }

    private string Refs(PrivateClone clone) =>
        File.ReadAllText(Path.Join(clone.Folder, ".git", "HEAD")) + _ground.Git(clone.Folder, "for-each-ref", "refs/heads", "refs/remotes", "refs/stash");

    private Task<PrivateClone> NewCloneAsync() => _ground.CloneAsync(_source, _taskId);

    private string[] Parents(PrivateClone clone, Snapshot snapshot) =>
        _ground.Git(clone.Folder, "rev-list", "--parents", "--max-count=1", snapshot.Commit).Split(' ')[1..];

    private string OnBranch(PrivateClone clone, string branch, string file, string? from = null)
    {
        _ground.Git(clone.Folder, "checkout", "--quiet", "-b", branch, from ?? clone.BaseCommit);
        return _ground.Commit(clone.Folder, file, file);
    }

    private string Stash(PrivateClone clone, string content)
    {
        GitGround.Write(clone.Folder, "stashed.txt", content);
        _ground.Git(clone.Folder, "stash", "push", "--quiet", "--include-untracked");
        return _ground.Git(clone.Folder, "rev-parse", "refs/stash");
    }

    private async Task StoreAsync(BareRepository server, Bundle bundle, int attempt = 1)
    {
        RefUpdate[] updates = [new(WorkRefs.WorkInProgress(_taskId, attempt), RefRule.FastForward)];
        var outcome = await server.StoreAsync(bundle, bundle.Commit, updates, GitGround.Stop);
        if (outcome is StoreOutcome.MissingPrerequisites missing)
        {
            var bases = await _ground.MirrorOf(_source).CreateBaseBundleAsync(missing.Missing[0], missing.Have, _ground.NewFile(), GitGround.Stop);
            Assert.IsType<StoreOutcome.Stored>(await server.StoreBaseAsync(bases, GitGround.Stop));
            outcome = await server.StoreAsync(bundle, bundle.Commit, updates, GitGround.Stop);
        }

        Assert.IsType<StoreOutcome.Stored>(outcome);
    }
}
