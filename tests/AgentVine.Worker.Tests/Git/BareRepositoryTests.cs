using System.Security.Cryptography;
using System.Text;
using AgentVine.Contracts.Tasks;
using AgentVine.Git;
using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class BareRepositoryTests : IDisposable
{
    private readonly GitGround _ground = new();
    private readonly Guid _taskId = Guid.CreateVersion7();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Store_AsksForPrerequisites_ThenTakesOnlyWhatIsNew()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        GitGround.Write(source, "large.txt", Convert.ToBase64String(RandomNumberGenerator.GetBytes(300_000)));
        _ground.Commit(source, "a.txt", "a");
        var (first, firstBundle) = await WorkAsync(source, "one.txt");

        var missing = Assert.IsType<StoreOutcome.MissingPrerequisites>(await StoreAsync(repository, firstBundle));
        Assert.Equal([first.BaseCommit], missing.Missing);
        Assert.Empty(missing.Have);
        var bases = await _ground.MirrorOf(source).CreateBaseBundleAsync(missing.Missing[0], missing.Have, _ground.NewFile(), GitGround.Stop);
        Assert.IsType<StoreOutcome.Stored>(await repository.StoreBaseAsync(bases, GitGround.Stop));
        Assert.IsType<StoreOutcome.Stored>(await StoreAsync(repository, firstBundle));

        _ground.Commit(source, "b.txt", "b");
        var (second, secondBundle) = await WorkAsync(source, "two.txt");
        missing = Assert.IsType<StoreOutcome.MissingPrerequisites>(await StoreAsync(repository, secondBundle, attempt: 2));
        Assert.Equal([second.BaseCommit], missing.Missing);
        Assert.Equal([first.BaseCommit], missing.Have);
        string[] have = [.. missing.Have, new string('a', 40)];
        var more = await _ground.MirrorOf(source).CreateBaseBundleAsync(missing.Missing[0], have, _ground.NewFile(), GitGround.Stop);
        Assert.True(new FileInfo(more.Path).Length < 5000);
        Assert.IsType<StoreOutcome.Stored>(await repository.StoreBaseAsync(more, GitGround.Stop));
        Assert.IsType<StoreOutcome.Stored>(await StoreAsync(repository, secondBundle, attempt: 2));
        _ground.Git(repository.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Store_KeepsEveryAttempt_AndShowsTheNewest()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (_, first) = await WorkAsync(source, "one.txt");
        var (_, second) = await WorkAsync(source, "two.txt");

        Assert.IsType<StoreOutcome.Stored>(await _ground.StoreAsync(repository, _ground.MirrorOf(source), first, _taskId, attempt: 1));
        Assert.IsType<StoreOutcome.Stored>(await StoreAsync(repository, second, attempt: 2));

        Assert.Equal(first.Commit, await repository.ResolveAsync(WorkRefs.Attempt(_taskId, 1), GitGround.Stop));
        Assert.Equal(second.Commit, await repository.ResolveAsync(WorkRefs.Attempt(_taskId, 2), GitGround.Stop));
        Assert.Equal(second.Commit, await repository.ResolveAsync(WorkRefs.Head(WorkRefs.Branch(_taskId)), GitGround.Stop));
        Assert.Null(await repository.ResolveAsync(WorkRefs.Attempt(_taskId, 3), GitGround.Stop));
    }

    [Fact]
    public async Task Store_HasTheSameOutcome_WhenRepeated()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (_, bundle) = await WorkAsync(source, "one.txt");

        var once = await _ground.StoreAsync(repository, _ground.MirrorOf(source), bundle, _taskId, attempt: 1);
        var again = await StoreAsync(repository, bundle);

        Assert.Equal(new StoreOutcome.Stored(bundle.Commit), once);
        Assert.Equal(once, again);
    }

    [Fact]
    public async Task Store_GoesForwardOnly_WhereTheRuleSaysSo()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (clone, first) = await WorkAsync(source, "one.txt");
        await _ground.StoreAsync(repository, _ground.MirrorOf(source), first, _taskId, attempt: 1);
        GitGround.Write(clone.Folder, "more.txt", "more");
        var further = await _ground.TakeResultAsync(clone);
        var (_, aside) = await WorkAsync(source, "two.txt");

        Assert.IsType<StoreOutcome.Stored>(await StoreAsync(repository, further));
        Assert.Equal(new StoreOutcome.NotFastForward(WorkRefs.Attempt(_taskId, 1), further.Commit), await StoreAsync(repository, first));
        Assert.Equal(new StoreOutcome.NotFastForward(WorkRefs.Attempt(_taskId, 1), further.Commit), await StoreAsync(repository, aside));

        Assert.Equal(further.Commit, await repository.ResolveAsync(WorkRefs.Head(WorkRefs.Branch(_taskId)), GitGround.Stop));
        Assert.NotEqual(0, _ground.TryGit(repository.Folder, "cat-file", "-e", aside.Commit).ExitCode);
    }

    [Fact]
    public async Task Store_Refuses_WhenTheBundleIsNotWhatWasAnnounced()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var (clone, bundle) = await WorkAsync(_ground.NewRepository(), "one.txt");

        var refused = Assert.IsType<StoreOutcome.Refused>(
            await repository.StoreBranchAsync(bundle, _taskId, 1, clone.BaseCommit, GitGround.Stop));

        Assert.Contains(bundle.Commit, refused.Reason, StringComparison.Ordinal);
        Assert.Null(await repository.ResolveAsync(WorkRefs.Head(WorkRefs.Branch(_taskId)), GitGround.Stop));
    }

    [Fact]
    public async Task Store_LeavesNothing_WhenTheObjectsAreRefused()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var pack = new HandmadePack();
        var commit = pack.AddCommit(pack.AddTree(("100644", ".git", pack.AddBlob("x"))));
        var reference = WorkRefs.Head(WorkRefs.Branch(_taskId));
        var bytes = pack.ToBundle($"# v2 git bundle\n{commit} {reference}\n\n");
        var bundle = await Bundle.ReceiveAsync(new MemoryStream(bytes), _ground.NewFile(), reference, 1_000_000, GitGround.Stop);

        Assert.IsType<StoreOutcome.Refused>(await StoreAsync(repository, bundle));

        Assert.Empty(Directory.EnumerateFiles(Path.Join(repository.Folder, "objects"), "*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateDirectories(repository.Folder, ".*"));
        Assert.Null(await repository.ResolveAsync(reference, GitGround.Stop));
    }

    [Fact]
    public async Task Store_TakesAll_WhenManyComeAtOnce()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (_, first) = await WorkAsync(source, "first.txt");
        await _ground.StoreAsync(repository, _ground.MirrorOf(source), first, Guid.CreateVersion7(), attempt: 1);
        var work = new List<(Guid TaskId, Bundle Bundle)>();
        for (var task = 0; task < 4; task++)
        {
            var taskId = Guid.CreateVersion7();
            work.Add((taskId, (await WorkAsync(source, $"file{task}.txt", taskId)).Bundle));
        }

        var same = new BareRepositoryStore(Path.Join(_ground.Root, "server"), _ground.Runner, NullLogger<BareRepository>.Instance)
            .For(Guid.Parse(Path.GetFileNameWithoutExtension(repository.Folder)));
        var outcomes = await Task.WhenAll(work.SelectMany(item => (Task<StoreOutcome>[])
        [
            repository.StoreBranchAsync(item.Bundle, item.TaskId, 1, item.Bundle.Commit, GitGround.Stop),
            same.StoreBranchAsync(item.Bundle, item.TaskId, 1, item.Bundle.Commit, GitGround.Stop),
        ]));

        Assert.All(outcomes, outcome => Assert.IsType<StoreOutcome.Stored>(outcome));
        foreach (var (taskId, bundle) in work)
        {
            Assert.Equal(bundle.Commit, await repository.ResolveAsync(WorkRefs.Head(WorkRefs.Branch(taskId)), GitGround.Stop));
        }

        _ground.Git(repository.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Store_Works_WhenAKilledServerLeftItsLocks()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (_, first) = await WorkAsync(source, "one.txt");
        var (_, second) = await WorkAsync(source, "two.txt");
        await _ground.StoreAsync(repository, _ground.MirrorOf(source), first, _taskId, attempt: 1);
        foreach (var name in (string[])[WorkRefs.Attempt(_taskId, 2) + ".lock", WorkRefs.Head(WorkRefs.Branch(_taskId)) + ".lock"])
        {
            GitGround.Write(repository.Folder, name, "");
            File.SetLastWriteTimeUtc(Path.Join(repository.Folder, name), DateTime.UnixEpoch);
        }

        Assert.IsType<StoreOutcome.Stored>(await StoreAsync(repository, second, attempt: 2));
    }

    [Fact]
    public async Task Store_JoinsPacks_WhenTheyAreMany()
    {
        var runner = _ground.NewRunner(new GitOptions { Environment = _ground.Variables, JoinPacksFrom = 4 });
        var repository = new BareRepositoryStore(Path.Join(_ground.Root, "tidy"), runner, NullLogger<BareRepository>.Instance).For(_taskId);
        var source = _ground.NewRepository();
        var commits = new List<string>();
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            var (_, bundle) = await WorkAsync(source, $"{attempt}.txt");
            Assert.IsType<StoreOutcome.Stored>(await _ground.StoreAsync(repository, _ground.MirrorOf(source), bundle, _taskId, attempt));
            commits.Add(bundle.Commit);
        }

        Assert.True(Directory.GetFiles(Path.Join(repository.Folder, "objects", "pack"), "*.pack").Length < 4);
        Assert.All(commits, commit => Assert.Equal("commit", _ground.Git(repository.Folder, "cat-file", "-t", commit)));
        Assert.Equal(commits[2], await repository.ResolveAsync(WorkRefs.Attempt(_taskId, 3), GitGround.Stop));
        _ground.Git(repository.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Bundle_BringsABranchBack_WhenAWorkerGoesOn()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var source = _ground.NewRepository();
        var (_, bundle) = await WorkAsync(source, "one.txt");
        await _ground.StoreAsync(repository, _ground.MirrorOf(source), bundle, _taskId, attempt: 1);
        var mirror = _ground.MirrorOf(source);
        var target = await mirror.FetchAsync("main", GitGround.Stop);

        var sent = await repository.CreateBundleAsync(WorkRefs.Attempt(_taskId, 1), [target.Commit], _ground.NewFile(), GitGround.Stop);
        var clone = await _ground.CloneAsync(source, _taskId, new PrivateCloneStart(sent, target.Commit));

        Assert.Equal(target.Commit, clone.StartCommit);
        Assert.True(File.Exists(Path.Join(clone.Folder, "one.txt")));
        var failure = await Assert.ThrowsAsync<GitException>(
            () => repository.CreateBundleAsync(WorkRefs.Attempt(_taskId, 9), [], _ground.NewFile(), GitGround.Stop));
        Assert.Equal(GitFailureKind.BranchNotFound, failure.Kind);
    }

    [Fact]
    public async Task Diff_ShowsRenamesBinariesAndOddNames()
    {
        var source = _ground.NewRepository();
        GitGround.Write(source, "old name.txt", string.Join('\n', Enumerable.Range(0, 50)));
        _ground.Commit(source, "picture.png", "\0\u0001binary");
        var (repository, clone, bundle) = await StoredWorkAsync(source, folder =>
        {
            File.Move(Path.Join(folder, "old name.txt"), Path.Join(folder, "new name.txt"));
            File.WriteAllBytes(Path.Join(folder, "picture.png"), [0, 2, 3, 255]);
            GitGround.Write(folder, "tab\tnew\nline\"quote\u001b[31m.txt", "odd\n");
            GitGround.Write(folder, "ünï.txt", "caf\u00e9\n");
            File.CreateSymbolicLink(Path.Join(folder, "link"), "/etc/passwd");
        });

        var diff = await DiffAsync(repository, clone, bundle);

        Assert.Contains("rename from old name.txt\nrename to new name.txt\n", diff, StringComparison.Ordinal);
        Assert.Contains("Binary files a/picture.png and b/picture.png differ\n", diff, StringComparison.Ordinal);
        Assert.Contains("""+++ "b/tab\tnew\nline\"quote\033[31m.txt""" + "\"\n", diff, StringComparison.Ordinal);
        Assert.Contains(@"\303\274n\303\257.txt", diff, StringComparison.Ordinal);
        Assert.Contains("+café\n", diff, StringComparison.Ordinal);
        Assert.Contains("new file mode 120000\n", diff, StringComparison.Ordinal);
        Assert.Contains("+/etc/passwd\n", diff, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", diff, StringComparison.Ordinal);
        Assert.Equal(new DiffStat(5, 3, 0), await repository.DiffStatAsync(clone.BaseCommit, bundle.Commit, GitGround.Stop));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(1000)]
    [InlineData(50_000)]
    public async Task Diff_IsCutAfterALine_WhenItIsLongerThanAllowed(int maxBytes)
    {
        var (repository, clone, bundle) = await StoredWorkAsync(
            _ground.NewRepository(),
            folder => GitGround.Write(folder, "long.txt", string.Concat(Enumerable.Range(0, 20_000).Select(line => $"line {line}\n"))));

        using var stream = new MemoryStream();
        Assert.False(await repository.DiffAsync(clone.BaseCommit, bundle.Commit, stream, maxBytes, GitGround.Stop));

        var diff = Encoding.UTF8.GetString(stream.ToArray());
        var mark = diff.LastIndexOf("\\ The diff is cut here", StringComparison.Ordinal);
        Assert.InRange(mark, Math.Max(0, maxBytes - 100), maxBytes);
        Assert.True(mark == 0 || diff[mark - 1] == '\n');
        Assert.EndsWith("Fetch the branch to see all of it.\n", diff, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_WritesNothing_WhenACommitIsNotThere()
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        using var stream = new MemoryStream();
        var nothing = await Assert.ThrowsAsync<GitException>(
            () => repository.DiffAsync(new string('a', 40), new string('b', 40), stream, 1000, GitGround.Stop));
        var (filled, clone, _) = await StoredWorkAsync(_ground.NewRepository(), folder => GitGround.Write(folder, "a.txt", "a"));

        Assert.Equal(GitFailureKind.NotFound, nothing.Kind);
        await Assert.ThrowsAsync<GitException>(() => filled.DiffAsync(clone.BaseCommit, new string('b', 40), stream, 1000, GitGround.Stop));
        await Assert.ThrowsAsync<GitException>(() => filled.DiffStatAsync(clone.BaseCommit, new string('b', 40), GitGround.Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => filled.DiffAsync("--output=/tmp/x", clone.BaseCommit, stream, 1000, GitGround.Stop));
        Assert.Equal(0, stream.Length);
    }

    private async Task<(PrivateClone Clone, Bundle Bundle)> WorkAsync(string source, string file, Guid? taskId = null)
    {
        var clone = await _ground.CloneAsync(source, taskId ?? _taskId);
        GitGround.Write(clone.Folder, file, "work\n");
        return (clone, await _ground.TakeResultAsync(clone));
    }

    private async Task<(BareRepository Repository, PrivateClone Clone, Bundle Bundle)> StoredWorkAsync(string source, Action<string> work)
    {
        var repository = _ground.Server.For(Guid.CreateVersion7());
        var clone = await _ground.CloneAsync(source, _taskId);
        work(clone.Folder);
        var bundle = await _ground.TakeResultAsync(clone);
        Assert.IsType<StoreOutcome.Stored>(await _ground.StoreAsync(repository, _ground.MirrorOf(source), bundle, _taskId, attempt: 1));
        return (repository, clone, bundle);
    }

    private Task<StoreOutcome> StoreAsync(BareRepository repository, Bundle bundle, int attempt = 1) =>
        repository.StoreBranchAsync(bundle, _taskId, attempt, bundle.Commit, GitGround.Stop);

    private static async Task<string> DiffAsync(BareRepository repository, PrivateClone clone, Bundle bundle)
    {
        using var stream = new MemoryStream();
        Assert.True(await repository.DiffAsync(clone.BaseCommit, bundle.Commit, stream, 1_000_000, GitGround.Stop));
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
