using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class BaseMergeTests : IDisposable
{
    private readonly GitGround _ground = new();
    private readonly string _source;

    public BaseMergeTests()
    {
        _source = _ground.NewRepository();
    }

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Merge_HasTheWorkOfAll_AndTheTargetBranchIsItsFirstParent()
    {
        var (first, second) = (Branch("first", "a.txt", "a\n"), Branch("second", "b.txt", "b\n"));
        var (mirror, target) = await MirrorAsync("c.txt");

        var merged = Assert.IsType<BaseMergeOutcome.Merged>(await mirror.MergeAsync(target, [first, second], GitGround.Stop));

        Assert.Equal([first, second], merged.In);
        Assert.Equal("a.txt\nb.txt\nc.txt\nreadme.md", _ground.Git(mirror.Folder, "ls-tree", "--name-only", merged.Commit));
        Assert.Equal(target, _ground.Git(mirror.Folder, "rev-parse", merged.Commit + "^1^1"));
        Assert.Equal("", _ground.Git(mirror.Folder, "for-each-ref", "--contains", merged.Commit));
        Assert.True(await mirror.HasAsync(merged.Commit, GitGround.Stop));
    }

    [Fact]
    public async Task Merge_IsTheBranchItself_WhenTheTargetBranchHasNotMoved()
    {
        var branch = Branch("only", "a.txt", "a\n");
        var (mirror, target) = await MirrorAsync();

        var merged = Assert.IsType<BaseMergeOutcome.Merged>(await mirror.MergeAsync(target, [branch], GitGround.Stop));

        Assert.Equal(branch.Commit, merged.Commit);
    }

    [Fact]
    public async Task Merge_IsTheTargetBranchItself_WhenThatHasAllOfThem()
    {
        var branch = Branch("merged", "a.txt", "a\n");
        _ground.Git(_source, "merge", "--quiet", "--no-ff", "--message=Merged", branch.Commit);
        var (mirror, target) = await MirrorAsync();

        var merged = Assert.IsType<BaseMergeOutcome.Merged>(await mirror.MergeAsync(target, [branch], GitGround.Stop));

        Assert.Equal((target, 0), (merged.Commit, merged.In.Count));
    }

    [Fact]
    public async Task Merge_NamesTheTwoThatConflict_AndTheirFiles()
    {
        var first = Branch("first", "readme.md", "one\n");
        var between = Branch("between", "other.txt", "x\n");
        var second = Branch("second", "readme.md", "two\n");
        var (mirror, target) = await MirrorAsync();

        var conflict = Assert.IsType<BaseMergeOutcome.Conflict>(await mirror.MergeAsync(target, [first, between, second], GitGround.Stop));

        Assert.Equal((second, first, false), (conflict.Branch, conflict.With, conflict.WithTarget));
        Assert.Equal(["readme.md"], conflict.Files);
    }

    [Fact]
    public async Task Merge_NamesTheTwoThatConflict_WhenNoFileOfTheirsDoes()
    {
        var names = new[] { "a", "b", "c", "e" };
        foreach (var name in names)
        {
            _ground.Commit(_source, $"d/{name}", string.Concat(Enumerable.Range(1, 20).Select(line => $"{name}{line}\n")));
        }

        _ground.Git(_source, "checkout", "--quiet", "-b", "split");
        foreach (var (name, folder) in names.Zip(["x", "x", "y", "y"]))
        {
            Directory.CreateDirectory(Path.Join(_source, folder));
            _ground.Git(_source, "mv", $"d/{name}", $"{folder}/{name}");
        }

        var split = new BranchToMerge("split", _ground.Commit(_source, "moved.txt", "moved\n"));
        _ground.Git(_source, "checkout", "--quiet", "main");
        var added = Branch("added", "d/new", "new\n");
        var (mirror, target) = await MirrorAsync("other.txt");

        var conflict = Assert.IsType<BaseMergeOutcome.Conflict>(await mirror.MergeAsync(target, [split, added], GitGround.Stop));

        Assert.Equal((added, split, 0), (conflict.Branch, conflict.With, conflict.Files.Count));
    }

    [Fact]
    public async Task Merge_SaysThatItIsTheTargetBranch_WhenThatConflicts()
    {
        var branch = Branch("late", "readme.md", "one\n");
        _ground.Commit(_source, "readme.md", "two\n");
        var (mirror, target) = await MirrorAsync();

        var conflict = Assert.IsType<BaseMergeOutcome.Conflict>(await mirror.MergeAsync(target, [branch], GitGround.Stop));

        Assert.Equal((branch, null, true), (conflict.Branch, conflict.With, conflict.WithTarget));
    }

    [Fact]
    public async Task Bundle_IsTakenInForGood_WithoutMovingARef()
    {
        var taskId = Guid.CreateVersion7();
        var clone = await _ground.CloneAsync(_source, taskId);
        GitGround.Write(clone.Folder, "work.txt", "done\n");
        var bundle = await _ground.TakeResultAsync(clone);
        var mirror = _ground.MirrorOf(_source);
        Assert.False(await mirror.HasAsync(bundle.Commit, GitGround.Stop));

        await mirror.TakeInAsync(bundle, GitGround.Stop);

        Assert.True(await mirror.HasAsync(bundle.Commit, GitGround.Stop));
        Assert.Equal("", _ground.Git(mirror.Folder, "for-each-ref", WorkRefs.Head(WorkRefs.Branch(taskId))));
    }

    private BranchToMerge Branch(string name, string file, string content)
    {
        _ground.Git(_source, "checkout", "--quiet", "-b", name);
        var commit = _ground.Commit(_source, file, content);
        _ground.Git(_source, "checkout", "--quiet", "main");
        return new BranchToMerge(name, commit);
    }

    private async Task<(Mirror Mirror, string Target)> MirrorAsync(string? furtherFile = null)
    {
        if (furtherFile is not null)
        {
            _ground.Commit(_source, furtherFile, "more\n");
        }

        var mirror = _ground.MirrorOf(_source);
        return (mirror, (await mirror.FetchAsync("main", GitGround.Stop)).Commit);
    }
}
