using System.Text.RegularExpressions;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>Sizes, names and places of files.</summary>
public sealed partial class FileTests
{
    private const int LongestFile = 500;

    // A file that must be longer, with its reason.
    private static readonly Dictionary<string, string> MayBeLonger = [];

    private static readonly HashSet<string> AtTheRoot =
    [
        "README.md", "CONTRIBUTING.md", "AGENTS.md", "CHANGELOG.md", "LICENSE", "AgentVine.slnx", "global.json", "Directory.Build.props",
        "Directory.Packages.props", ".editorconfig", ".gitattributes", ".gitignore", "vine", "test.sh", "bench.sh", "chaos.sh",
        ".ci", "bench", "deploy", "docs", "eng", "src", "tests", "web",
    ];

    // What tools put there, and git ignores.
    private static readonly HashSet<string> Untracked = [".git", ".tools", ".vs", ".idea", ".vscode", "artifacts", "node_modules"];

    [Fact]
    public void Files_AreShort()
    {
        var faults =
            from file in SourceTree.CSharp("src").Concat(SourceTree.CSharp("tests"))
            let lines = File.ReadLines(file).Count()
            where lines > LongestFile && !MayBeLonger.ContainsKey(SourceTree.Name(file))
            select $"{SourceTree.Name(file)} has {lines} lines; split it by duty, or list it with its reason";

        Assert.Empty(faults);
    }

    [Fact]
    public void Exceptions_AreNeeded() =>
        Assert.All(MayBeLonger.Keys, name => Assert.True(File.ReadLines(Path.Combine(SourceTree.Root, name)).Count() > LongestFile, $"{name} is short by now"));

    [Fact]
    public void Types_AreNamedForWhatTheyDo()
    {
        var faults =
            from file in SourceTree.CSharp("src").Concat(SourceTree.CSharp("tests"))
            from Match type in VagueType().Matches(File.ReadAllText(file))
            select $"{SourceTree.Name(file)}: {type.Groups[1].Value} says nothing of its duty";

        Assert.Empty(faults);
    }

    [Fact]
    public void Root_HoldsNothingElse()
    {
        var strangers = Directory.EnumerateFileSystemEntries(SourceTree.Root)
            .Select(path => Path.GetFileName(path))
            .Where(name => !AtTheRoot.Contains(name) && !Untracked.Contains(name) && !name.EndsWith(".user", StringComparison.Ordinal));

        Assert.Empty(strangers);
    }

    [Fact]
    public void Decisions_HaveNumbersOfTheirOwn()
    {
        var folder = Path.Combine(SourceTree.Root, "docs", "decisions");
        var names = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.md").Select(path => Path.GetFileName(path)).ToList() : [];

        Assert.All(names, name => Assert.Matches(@"^\d{4}-[a-z0-9-]+\.md$", name));
        Assert.Equal(names.Count, names.Select(name => name[..4]).Distinct().Count());
    }

    [GeneratedRegex(@"\b(?:class|record|interface|struct|enum)\s+(\w*(?:Helper|Util|Manager|Service)s?)\b")]
    private static partial Regex VagueType();
}
