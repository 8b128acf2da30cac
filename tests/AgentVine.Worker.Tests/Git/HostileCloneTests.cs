using System.Text;
using AgentVine.Git;
using AgentVine.Git.Bundles;
using AgentVine.Git.Clones;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using AgentVine.Git.Repositories;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>
/// An agent, or the host user's own configuration, plants programs wherever git may start one. Nothing that the host does runs any. Each
/// plant is first shown to bite where git is run as people run it.
/// </summary>
public sealed class HostileCloneTests : IDisposable
{
    private const string Attributes = "* diff=evil filter=evil merge=evil\n";

    private readonly GitGround _ground = new();
    private readonly Guid _taskId = Guid.CreateVersion7();
    private readonly string _canary;
    private readonly string _program;

    public HostileCloneTests()
    {
        _canary = Path.Join(_ground.Root, "canary");
        _program = _ground.NewScript("evil", $"echo \"$@\" >> {_canary}; cat");
    }

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Host_RunsNothing_WhenTheAgentRewroteItsClone()
    {
        var source = _ground.NewRepository();
        var clone = await _ground.CloneAsync(source, _taskId);
        GitGround.Write(clone.Folder, "work.txt", "work\n");
        var bundle = await _ground.TakeResultAsync(clone);
        Plant(Path.Join(clone.Folder, ".git"));
        GitGround.Write(clone.Folder, ".gitattributes", Attributes);
        AssertBites(() => _ground.TryGit(clone.Folder, "status"));
        AssertBites(() => _ground.TryGit(clone.Folder, "checkout", "-q", "-b", "other"));
        AssertBites(() => _ground.TryGit(clone.Folder, "diff", clone.BaseCommit, "--", "work.txt"));

        await HostWorkAsync(source, clone, bundle);
        await _ground.CloneAsync(source, Guid.CreateVersion7(), new PrivateCloneStart(bundle, clone.BaseCommit));
        PrivateClone.RemoveLocks(clone.Folder);
        PrivateClone.Delete(clone.Folder);

        Assert.False(File.Exists(_canary), "Something of the agent's ran on the host.");
    }

    [Fact]
    public async Task Host_RunsNothing_WhenTheUsersConfigurationIsFullOfPrograms()
    {
        var source = _ground.NewRepository();
        GitGround.Write(source, ".gitattributes", Attributes);
        _ground.Commit(source, "a.txt", "a\n");
        GitGround.Write(_ground.Home, ".gitconfig", Programs());
        GitGround.Write(_ground.Home, ".config/git/attributes", Attributes);
        var template = Directory.CreateDirectory(Path.Join(_ground.Home, "template", "hooks")).FullName;
        File.Copy(_program, Path.Join(template, "post-checkout"));
        AssertBites(() => _ground.TryGit(_ground.Root, "clone", "--quiet", source, "as-a-person"));

        var clone = await _ground.CloneAsync(source, _taskId);
        Assert.False(File.Exists(_canary), "The clone ran something of the user's.");
        File.Delete(Path.Join(_ground.Home, ".gitconfig"));
        GitGround.Write(clone.Folder, "a.txt", "changed\n");
        var bundle = await _ground.TakeResultAsync(clone);
        GitGround.Write(_ground.Home, ".gitconfig", Programs());
        await HostWorkAsync(source, clone, bundle);

        Assert.False(File.Exists(_canary), "Something of the user's ran.");
    }

    [Fact]
    public async Task Clone_KeepsPointersOfLargeFiles_WhenTheUserHasAFilterForThem()
    {
        const string Pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        var source = _ground.NewRepository();
        GitGround.Write(source, ".gitattributes", "*.bin filter=evil\n");
        _ground.Commit(source, "large.bin", Pointer);
        GitGround.Write(_ground.Home, ".gitconfig", Programs());

        var clone = await _ground.CloneAsync(source, _taskId);

        Assert.Equal(Pointer, File.ReadAllText(Path.Join(clone.Folder, "large.bin")));
    }

    [Fact]
    public async Task Clone_TakesLinksAsLinks_AndSubmodulesAsEmptyFolders()
    {
        var source = _ground.NewRepository();
        var outside = Path.Join(_ground.Root, "outside.txt");
        File.WriteAllText(outside, "untouched");
        File.CreateSymbolicLink(Path.Join(source, "link"), outside);
        GitGround.Write(source, ".gitmodules", $"[submodule \"sub\"]\n\tpath = sub\n\turl = {source}\n\tupdate = checkout\n");
        Directory.CreateDirectory(Path.Join(source, "sub"));
        _ground.Git(source, "update-index", "--add", "--cacheinfo", $"160000,{_ground.Git(source, "rev-parse", "HEAD")},sub");
        _ground.Commit(source, "a.txt", "a");

        var clone = await _ground.CloneAsync(source, _taskId);

        Assert.Equal(outside, new FileInfo(Path.Join(clone.Folder, "link")).LinkTarget);
        Assert.Equal("untouched", File.ReadAllText(outside));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Join(clone.Folder, "sub")));
    }

    [Fact]
    public async Task Fetch_RunsNothing_WhenTheUsersConfigurationRewritesTheAddress()
    {
        var source = _ground.NewRepository();
        var transport = _ground.NewScript("transport", $"echo ran >> {_canary}");
        GitGround.Write(
            _ground.Home,
            ".gitconfig",
            $"[url \"ext::{transport} \"]\n\tinsteadOf = {source}\n[protocol]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n");
        AssertBites(() => _ground.TryGit(_ground.Root, "ls-remote", source));

        await Assert.ThrowsAsync<GitException>(() => _ground.MirrorOf(source).FetchAsync("main", GitGround.Stop));

        Assert.False(File.Exists(_canary));
    }

    /// <summary>All that the host does with a result.</summary>
    private async Task HostWorkAsync(string source, PrivateClone clone, Bundle bundle)
    {
        Mirror mirror = _ground.MirrorOf(source);
        BareRepository repository = _ground.Server.For(Guid.CreateVersion7());
        await mirror.FetchAsync(null, GitGround.Stop);
        await mirror.VerifyAsync(bundle, GitGround.Stop);
        Assert.IsType<StoreOutcome.Stored>(await _ground.StoreAsync(repository, mirror, bundle, _taskId, attempt: 1));
        using var diff = new MemoryStream();
        Assert.True(await repository.DiffAsync(clone.BaseCommit, bundle.Commit, diff, 1_000_000, GitGround.Stop));
        Assert.StartsWith("diff --git", Encoding.UTF8.GetString(diff.ToArray()), StringComparison.Ordinal);
        await repository.DiffStatAsync(clone.BaseCommit, bundle.Commit, GitGround.Stop);
        await repository.CreateBundleAsync(WorkRefs.Attempt(_taskId, 1), [clone.BaseCommit], _ground.NewFile(), GitGround.Stop);
    }

    private void Plant(string repository)
    {
        File.AppendAllText(Path.Join(repository, "config"), Programs());
        GitGround.Write(repository, "info/attributes", Attributes);
        foreach (var hook in (string[])["post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc", "post-rewrite"])
        {
            Directory.CreateDirectory(Path.Join(repository, "hooks"));
            File.Copy(_program, Path.Join(repository, "hooks", hook));
        }
    }

    private string Programs()
    {
        GitGround.Write(_ground.Root, "included", $"[core]\n\tfsmonitor = {_program}\n");
        return $"""
            [core]
                fsmonitor = {_program}
                sshCommand = {_program}
                gitProxy = {_program}
                editor = {_program}
                pager = {_program}
                alternateRefsCommand = {_program}
                askPass = {_program}
            [diff]
                external = {_program}
            [diff "evil"]
                textconv = {_program}
                command = {_program}
            [filter "evil"]
                clean = {_program}
                smudge = {_program}
                required = true
            [merge "evil"]
                driver = {_program}
            [credential]
                helper = !{_program}
            [alias]
                fetch = !{_program}
                diff = !{_program}
            [init]
                templateDir = {_ground.Home}/template
            [include]
                path = {_ground.Root}/included

            """;
    }

    private void AssertBites(Action act)
    {
        act();
        Assert.True(File.Exists(_canary), "The plant does nothing even where it could: the test shows nothing.");
        File.Delete(_canary);
    }
}
