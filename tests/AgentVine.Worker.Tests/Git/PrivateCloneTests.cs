using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class PrivateCloneTests : IDisposable
{
    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Clone_IsReadyToWorkIn()
    {
        var source = _ground.NewRepository();
        _ground.Git(source, "tag", "--annotate", "--message=One", "v1");
        _ground.Git(source, "branch", "other");
        var taskId = Guid.CreateVersion7();

        var clone = await _ground.CloneAsync(source, taskId);

        Assert.Equal("hello\n", File.ReadAllText(Path.Join(clone.Folder, "readme.md")));
        Assert.Equal(WorkRefs.Branch(taskId), _ground.Git(clone.Folder, "branch", "--show-current"));
        Assert.Equal(clone.BaseCommit, _ground.Git(source, "rev-parse", "main"));
        Assert.Equal(clone.BaseCommit, clone.StartCommit);
        Assert.Equal(clone.BaseCommit, _ground.Git(clone.Folder, "rev-parse", "HEAD"));
        Assert.Equal("", _ground.Git(clone.Folder, "status", "--porcelain"));
        Assert.Equal("v1", _ground.Git(clone.Folder, "describe"));
        Assert.Equal(clone.BaseCommit, _ground.Git(clone.Folder, "merge-base", "origin/main", "origin/other"));
        Assert.Equal(clone.ObjectsFolder + "\n", File.ReadAllText(Path.Join(clone.Folder, ".git", "objects", "info", "alternates")));
        _ground.Git(clone.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Clone_TellsNothingOfItsOrigin_AndHasNoRemote()
    {
        var source = _ground.NewRepository("a-telling-name");

        var clone = await _ground.CloneAsync(source, Guid.CreateVersion7());

        Assert.Equal("", _ground.Git(clone.Folder, "remote"));
        Assert.NotEqual(0, _ground.TryGit(clone.Folder, "fetch", "origin").ExitCode);
        Assert.NotEqual(0, _ground.TryGit(clone.Folder, "push").ExitCode);
        foreach (var file in Directory.EnumerateFiles(Path.Join(clone.Folder, ".git"), "*", SearchOption.AllDirectories))
        {
            Assert.DoesNotContain("a-telling-name", File.ReadAllText(file), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Clone_HoldsEveryFile_WhenThereAreTenThousand()
    {
        var source = _ground.NewRepository();
        for (var file = 0; file < 10_000; file++)
        {
            GitGround.Write(source, $"folder{file % 100}/file{file}.txt", $"content {file}\n");
        }

        _ground.Commit(source, "last.txt", "last");

        var clone = await _ground.CloneAsync(source, Guid.CreateVersion7());

        Assert.Equal(10_001, Directory.EnumerateFiles(clone.Folder, "*.txt", SearchOption.AllDirectories).Count());
        Assert.Equal("content 9999\n", File.ReadAllText(Path.Join(clone.Folder, "folder99", "file9999.txt")));
        Assert.Equal("", _ground.Git(clone.Folder, "status", "--porcelain"));
    }

    [Fact]
    public async Task Clone_GoesOnFromAnEarlierAttempt_WhenGivenItsSnapshot()
    {
        var source = _ground.NewRepository();
        var taskId = Guid.CreateVersion7();
        var first = await _ground.CloneAsync(source, taskId);
        GitGround.Write(first.Folder, "work.txt", "half done\n");
        var snapshot = await _ground.SnapshotAsync(first, taskId);
        var bundle = await _ground.BundleAsync(first, taskId);
        PrivateClone.Delete(first.Folder);
        _ground.Commit(source, "meanwhile.txt", "x");

        var second = await _ground.CloneAsync(source, taskId, new PrivateCloneStart(bundle, snapshot.HeadCommit));

        Assert.Equal((first.BaseCommit, first.BaseCommit), (second.BaseCommit, second.StartCommit));
        Assert.Equal("half done\n", File.ReadAllText(Path.Join(second.Folder, "work.txt")));
        Assert.False(File.Exists(Path.Join(second.Folder, "meanwhile.txt")));
        _ground.Git(second.Folder, "fsck", "--strict");
    }

    [Fact]
    public async Task Clone_IsNotMade_WhenTheEarlierAttemptBuildsOnUnknownCommits()
    {
        var taskId = Guid.CreateVersion7();
        var elsewhere = _ground.NewRepository("elsewhere");
        _ground.Commit(elsewhere, "only-there.txt", "x");
        var foreign = await _ground.CloneAsync(elsewhere, taskId);
        var snapshot = await _ground.SnapshotAsync(foreign, taskId);
        var bundle = await _ground.BundleAsync(foreign, taskId);
        var source = _ground.NewRepository();
        var mirror = _ground.MirrorOf(source);
        var request = new PrivateCloneRequest
        {
            Target = await mirror.FetchAsync("main", GitGround.Stop),
            WorkBranch = WorkRefs.Branch(taskId),
            Folder = Path.Join(_ground.Root, "refused"),
            StartFrom = new PrivateCloneStart(bundle, snapshot.HeadCommit),
        };
        var refusal = await Assert.ThrowsAsync<BundleException>(() => PrivateClone.CreateAsync(mirror, request, GitGround.Stop));

        Assert.Equal(BundleFault.MissingPrerequisites, refusal.Fault);
        Assert.Equal(bundle.Prerequisites, refusal.Missing);
        Assert.False(Directory.Exists(request.Folder));
    }

    [Fact]
    public async Task Clone_LeavesAFolderAlone_WhenItHoldsSomething()
    {
        var mirror = _ground.MirrorOf(_ground.NewRepository());
        var folder = Path.Join(_ground.Root, "taken");
        GitGround.Write(folder, "mine.txt", "mine");
        var request = new PrivateCloneRequest
        {
            Target = await mirror.FetchAsync("main", GitGround.Stop),
            WorkBranch = "vine/x",
            Folder = folder,
        };

        await Assert.ThrowsAsync<ArgumentException>(() => PrivateClone.CreateAsync(mirror, request, GitGround.Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => PrivateClone.CreateAsync(mirror, request with { WorkBranch = "--x" }, GitGround.Stop));
        await Assert.ThrowsAsync<ArgumentException>(
            () => PrivateClone.CreateAsync(mirror, request with { Identity = new GitIdentity("a\nb", "c") }, GitGround.Stop));

        Assert.Equal("mine", File.ReadAllText(Path.Join(folder, "mine.txt")));
    }

    [Fact]
    public async Task Clone_QuotesItsIdentity_WhenTheNameIsOdd()
    {
        var mirror = _ground.MirrorOf(_ground.NewRepository());
        var identity = new GitIdentity("A \"quoted\" \\ name; # [x]", "agent@example.invalid");

        var clone = await PrivateClone.CreateAsync(
            mirror,
            new PrivateCloneRequest
            {
                Target = await mirror.FetchAsync("main", GitGround.Stop),
                WorkBranch = "vine/x",
                Folder = Path.Join(_ground.Root, "clone"),
                Identity = identity,
            },
            GitGround.Stop);

        Assert.Equal(identity.Name, _ground.Git(clone.Folder, "config", "user.name"));
    }

    [Fact]
    public async Task Delete_FollowsNoLink_AndIsNotStoppedByPermissions()
    {
        var clone = await _ground.CloneAsync(_ground.NewRepository(), Guid.CreateVersion7());
        var outside = Path.Join(_ground.Root, "outside");
        GitGround.Write(outside, "precious.txt", "x");
        Directory.CreateSymbolicLink(Path.Join(clone.Folder, "link"), outside);
        File.CreateSymbolicLink(Path.Join(clone.Folder, "file-link"), Path.Join(outside, "precious.txt"));
        GitGround.Write(clone.Folder, "closed/inner/file.txt", "x");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Path.Join(clone.Folder, "closed"), UnixFileMode.None);
        }

        PrivateClone.Delete(clone.Folder);
        PrivateClone.Delete(clone.Folder);

        Assert.False(Directory.Exists(clone.Folder));
        Assert.True(File.Exists(Path.Join(outside, "precious.txt")));
    }

    [Fact]
    public async Task RemoveLocks_FollowsNoLink()
    {
        var clone = await _ground.CloneAsync(_ground.NewRepository(), Guid.CreateVersion7());
        var outside = Path.Join(_ground.Root, "outside");
        GitGround.Write(outside, "precious.lock", "x");
        GitGround.Write(clone.Folder, ".git/index.lock", "");
        GitGround.Write(clone.Folder, ".git/refs/heads/vine/x.lock", "");
        Directory.CreateSymbolicLink(Path.Join(clone.Folder, ".git", "refs", "link"), outside);
        File.CreateSymbolicLink(Path.Join(clone.Folder, ".git", "link.lock"), Path.Join(outside, "precious.lock"));
        Directory.Delete(Path.Join(clone.Folder, ".git", "objects"), recursive: true);
        Directory.CreateSymbolicLink(Path.Join(clone.Folder, ".git", "objects"), outside);

        PrivateClone.RemoveLocks(clone.Folder);

        Assert.False(File.Exists(Path.Join(clone.Folder, ".git", "index.lock")));
        Assert.False(File.Exists(Path.Join(clone.Folder, ".git", "refs", "heads", "vine", "x.lock")));
        Assert.True(File.Exists(Path.Join(outside, "precious.lock")));

        Directory.Delete(Path.Join(clone.Folder, ".git"), recursive: true);
        Directory.CreateSymbolicLink(Path.Join(clone.Folder, ".git"), outside);
        PrivateClone.RemoveLocks(clone.Folder);
        Assert.True(File.Exists(Path.Join(outside, "precious.lock")));
    }

    [Fact]
    public async Task Clone_IsCancelled_WithoutALeftOver()
    {
        var mirror = _ground.MirrorOf(_ground.NewRepository());
        var request = new PrivateCloneRequest
        {
            Target = await mirror.FetchAsync("main", GitGround.Stop),
            WorkBranch = "vine/x",
            Folder = Path.Join(_ground.Root, "cancelled"),
        };

        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PrivateClone.CreateAsync(mirror, request, cancelled));

        Assert.False(Directory.Exists(request.Folder));
    }
}
