using AgentVine.Git.Names;
using Xunit;

namespace AgentVine.Worker.Tests.Git;

public sealed class BranchNameTests : IDisposable
{
    private readonly GitGround _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData("", "empty")]
    [InlineData("-main", "like an option")]
    [InlineData("--upload-pack=x", "like an option")]
    [InlineData("/a", "'/'")]
    [InlineData("a/", "'/'")]
    [InlineData("a//b", "'//'")]
    [InlineData("a..b", "'..'")]
    [InlineData("a.", "ends with '.'")]
    [InlineData(".a", "begins with '.'")]
    [InlineData("a/.b", "begins with '.'")]
    [InlineData("a.lock", "'.lock'")]
    [InlineData("a.lock/b", "'.lock'")]
    [InlineData("a b", "a space")]
    [InlineData("a~1", "~ ^")]
    [InlineData("a^{commit}", "~ ^")]
    [InlineData("a:b", "~ ^")]
    [InlineData("a?", "~ ^")]
    [InlineData("a*", "~ ^")]
    [InlineData("a[b", "~ ^")]
    [InlineData("a\\b", "~ ^")]
    [InlineData("a@{1}", "'@{'")]
    [InlineData("@", "for itself")]
    [InlineData("HEAD", "for itself")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\u007fb", "control character")]
    [InlineData("\ud800", "Unicode")]
    public void Validate_NamesTheRule_WhenTheNameIsRefused(string name, string rule)
    {
        Assert.False(BranchName.TryValidate(name, out var problem));

        Assert.Contains(rule, problem, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("main")]
    [InlineData("feature/ünïcode-✓")]
    [InlineData("dependabot/npm_and_yarn/@types/node-20.1.0")]
    [InlineData("a$b`c'd\"e;f&g|h(i)j<k>l!m#n%o")]
    [InlineData("refs/heads/main")]
    [InlineData("a@b")]
    [InlineData("{}")]
    public void Validate_AgreesWithGit_WhenTheNameIsOdd(string name)
    {
        Assert.True(BranchName.TryValidate(name, out var problem), problem);

        Assert.Equal(name, _ground.Git(_ground.Root, "check-ref-format", "--branch", name));
    }

    [Fact]
    public void Validate_Refuses_WhenAFileSystemCouldNotKeepTheName()
    {
        Assert.False(BranchName.TryValidate(new string('a', 201), out _));
        Assert.False(BranchName.TryValidate(new string('ü', 101), out _));
        Assert.False(BranchName.TryValidate(string.Join('/', Enumerable.Repeat(new string('a', 100), 11)), out _));
        Assert.False(BranchName.TryValidate(null, out _));
        Assert.True(BranchName.TryValidate(new string('a', 200), out _));
    }

    [Fact]
    public void WorkRefs_NeverClash_WhenATaskHasManyAttempts()
    {
        var taskId = Guid.CreateVersion7();
        var folder = _ground.NewRepository();
        string[] names =
        [
            WorkRefs.Head(WorkRefs.Branch(taskId)), WorkRefs.Attempt(taskId, 1), WorkRefs.Attempt(taskId, 2),
            WorkRefs.WorkInProgress(taskId, 1), WorkRefs.WorkInProgress(taskId, 2), WorkRefs.Base(_ground.Git(folder, "rev-parse", "HEAD")),
        ];

        foreach (var name in names)
        {
            _ground.Git(folder, "update-ref", name, "HEAD");
        }

        var there = _ground.Git(folder, "for-each-ref", "--format=%(refname)", "refs/vine", "refs/heads/vine").Split('\n');
        Assert.Equal(names.Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
    }
}
