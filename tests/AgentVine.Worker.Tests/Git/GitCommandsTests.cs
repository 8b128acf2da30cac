using AgentVine.Git.Clones;
using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

/// <summary>What is done in a clone after its agent: in the tests without a sandbox around it.</summary>
public sealed class GitCommandsTests : IDisposable
{
    private readonly GitGround _ground = new();
    private readonly Guid _taskId = Guid.CreateVersion7();

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task CommitAll_KeepsWhatIsNotIgnored()
    {
        var clone = await NewCloneAsync();
        GitGround.Write(clone.Folder, ".gitignore", "build/\n*.log\n");
        GitGround.Write(clone.Folder, "new.txt", "new");
        GitGround.Write(clone.Folder, "sub/-option-like", "x");
        GitGround.Write(clone.Folder, "build/output.txt", "x");
        GitGround.Write(clone.Folder, "x.log", "x");
        File.Delete(Path.Join(clone.Folder, "readme.md"));

        var head = CommitAll(clone);

        Assert.Equal(
            ["A\t.gitignore", "A\tnew.txt", "D\treadme.md", "A\tsub/-option-like"],
            _ground.Git(clone.Folder, "diff", "--name-status", clone.BaseCommit, head).Split('\n'));
        Assert.Equal("What was left", _ground.Git(clone.Folder, "log", "-1", "--format=%s"));
        Assert.Equal("1\n", _ground.RunStep(clone.Folder, GitCommands.CountCommits(clone.Folder, clone.BaseCommit, clone.WorkBranch)));
    }

    [Fact]
    public async Task CommitAll_ChangesNothing_WhenNothingIsLeft()
    {
        var clone = await NewCloneAsync();

        Assert.Equal(clone.BaseCommit, CommitAll(clone));
        Assert.Equal("0\n", _ground.RunStep(clone.Folder, GitCommands.CountCommits(clone.Folder, clone.BaseCommit, clone.WorkBranch)));

        GitGround.Write(clone.Folder, "a.txt", "a");
        var once = CommitAll(clone);
        Assert.Equal(once, CommitAll(clone));
    }

    [Fact]
    public async Task CommitAll_BringsTheWorkBranchAlong_WhenTheAgentLeftIt()
    {
        var clone = await NewCloneAsync();
        _ground.Git(clone.Folder, "checkout", "--quiet", "-b", "feature");
        _ground.Commit(clone.Folder, "a.txt", "a");
        GitGround.Write(clone.Folder, "b.txt", "b");

        var head = CommitAll(clone);

        Assert.Equal(_ground.Git(clone.Folder, "rev-parse", "feature"), head);
        Assert.Equal("b", _ground.Git(clone.Folder, "show", head + ":b.txt"));
    }

    [Fact]
    public async Task CommitAll_KeepsTheWorkBranch_WhenTheAgentLeftItForAnOlderCommit()
    {
        var clone = await NewCloneAsync();
        var work = _ground.Commit(clone.Folder, "a.txt", "a");
        _ground.Git(clone.Folder, "checkout", "--quiet", "--detach", clone.BaseCommit);

        Assert.Equal(work, CommitAll(clone));
    }

    [Fact]
    public async Task CommitAll_KeepsTheWorkBranch_WhenTheAgentLeftABranchWithoutCommits()
    {
        var clone = await NewCloneAsync();
        var work = _ground.Commit(clone.Folder, "a.txt", "a");
        _ground.Git(clone.Folder, "checkout", "--quiet", "--orphan", "fresh");
        _ground.Git(clone.Folder, "rm", "-r", "--force", "--quiet", ".");

        Assert.Equal(work, CommitAll(clone));
    }

    [Fact]
    public async Task CommitAll_KeepsEverything_WhenAMergeIsInConflict()
    {
        var clone = await NewCloneAsync();
        _ground.Git(clone.Folder, "checkout", "--quiet", "-b", "side");
        _ground.Commit(clone.Folder, "readme.md", "side\n");
        _ground.Git(clone.Folder, "checkout", "--quiet", clone.WorkBranch);
        _ground.Commit(clone.Folder, "readme.md", "work\n");
        Assert.NotEqual(0, _ground.TryGit(clone.Folder, "merge", "side").ExitCode);

        var head = CommitAll(clone);

        var content = _ground.Git(clone.Folder, "show", head + ":readme.md");
        Assert.Contains("side", content, StringComparison.Ordinal);
        Assert.Contains("work", content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CommitAll_GoesOn_WhenTheAgentMadeRepositoriesInside()
    {
        var clone = await NewCloneAsync();
        _ground.Git(clone.Folder, "init", "--quiet", "empty");
        GitGround.Write(clone.Folder, "empty/file.txt", "x");
        _ground.Git(clone.Folder, "init", "--quiet", "full");
        _ground.Commit(Path.Join(clone.Folder, "full"), "file.txt", "x");
        GitGround.Write(clone.Folder, "zz.txt", "zz");

        var head = CommitAll(clone);

        Assert.Equal("zz", _ground.Git(clone.Folder, "show", head + ":zz.txt"));
        var bundle = await _ground.TakeResultAsync(clone);
        await _ground.MirrorOf(Path.Join(_ground.Root, "source")).VerifyAsync(bundle, GitGround.Stop);
    }

    [Fact]
    public async Task Steps_ObeyTheirOwnRules_WhenTheAgentSetOthers()
    {
        var clone = await NewCloneAsync();
        var canary = Path.Join(_ground.Root, "canary");
        var script = _ground.NewScript("evil", $"echo \"$0 $@\" >> {canary}");
        Directory.CreateDirectory(Path.Join(clone.Folder, ".git", "hooks"));
        foreach (var hook in (string[])["pre-commit", "commit-msg", "post-commit", "reference-transaction", "post-index-change"])
        {
            File.Copy(script, Path.Join(clone.Folder, ".git", "hooks", hook), overwrite: true);
        }

        File.AppendAllText(
            Path.Join(clone.Folder, ".git", "config"),
            $"[core]\n\tfsmonitor = {script}\n\thooksPath = .git/hooks\n\tworktree = /\n\tbare = true\n\teditor = {script}\n\tpager = {script}\n"
            + $"[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = {script}\n[alias]\n\tadd = !{script}\n\tcommit = !{script}\n");
        GitGround.Write(clone.Folder, "new.txt", "new");

        var head = CommitAll(clone);

        Assert.NotEqual(clone.BaseCommit, head);
        Assert.Equal((await _ground.TakeResultAsync(clone)).Commit, head);
        Assert.False(File.Exists(canary), File.Exists(canary) ? File.ReadAllText(canary) : "");
    }

    [Fact]
    public async Task CommitAll_Works_WhenAKilledGitLeftItsLock()
    {
        var clone = await NewCloneAsync();
        GitGround.Write(clone.Folder, "a.txt", "a");
        GitGround.Write(clone.Folder, ".git/index.lock", "");
        GitGround.Write(clone.Folder, $".git/refs/heads/{clone.WorkBranch}.lock", "");

        PrivateClone.RemoveLocks(clone.Folder);

        Assert.NotEqual(clone.BaseCommit, CommitAll(clone));
    }

    [Fact]
    public async Task CreateBundle_BringsOnlyTheWork_ToStandardOutput()
    {
        var clone = await NewCloneAsync();
        GitGround.Write(clone.Folder, "a.txt", "a");

        var bundle = await _ground.TakeResultAsync(clone);

        Assert.Equal(WorkRefs.Head(clone.WorkBranch), bundle.Reference);
        Assert.Equal([clone.BaseCommit], bundle.Prerequisites);
        Assert.True(new FileInfo(bundle.Path).Length < 2000);
    }

    [Theory]
    [InlineData("-x")]
    [InlineData("a b")]
    public void Steps_AreNotMade_WhenTheBranchIsNoName(string branch)
    {
        Assert.Throws<ArgumentException>(() => GitCommands.Head("/x", branch));
        Assert.Throws<ArgumentException>(() => GitCommands.CommitAll("/x", branch, "m", GitIdentity.Agent));
        Assert.Throws<ArgumentException>(() => GitCommands.CommitAll("/x", "main", " ", GitIdentity.Agent));
        Assert.Throws<ArgumentException>(() => GitCommands.CreateBundle("/x", new string('a', 40), branch));
        Assert.Throws<ArgumentException>(() => GitCommands.CreateBundle("/x", "--all", "main"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("--all")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void CommitId_IsRefused_WhenASandboxPrintsAnythingElse(string output)
    {
        Assert.Throws<FormatException>(() => CommitId.Parse(output));
        Assert.Equal(new string('a', 40), CommitId.Parse(new string('a', 40) + "\n"));
    }

    private Task<PrivateClone> NewCloneAsync() => _ground.CloneAsync(_ground.NewRepository(), _taskId);

    /// <summary>Commits what is left and asks where the work branch is.</summary>
    private string CommitAll(PrivateClone clone)
    {
        _ground.RunSteps(clone.Folder, GitCommands.CommitAll(clone.Folder, clone.WorkBranch, "What was left", GitIdentity.Agent));
        return CommitId.Parse(_ground.RunStep(clone.Folder, GitCommands.Head(clone.Folder, clone.WorkBranch)));
    }
}
