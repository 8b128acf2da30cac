using System.Text.RegularExpressions;
using AgentVine.Architecture.Tests.Metadata;
using AgentVine.Engine.Kernel;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary><c>internal</c> does not separate folders of one project; these tests do.</summary>
public sealed partial class SliceTests
{
    private const string Root = "AgentVine.Engine.";

    [Fact]
    public void Slices_UseOnlyWhatTheMapAllows_InTheirCode()
    {
        var faults =
            from use in TypeUses.Of(typeof(IStore).Assembly.Location)
            let refusal = Refusal(Place(use.User.Namespace), Place(use.Used.Namespace))
            where refusal is not null
            select $"{use.User} uses {use.Used}: {refusal}";

        Assert.Empty(faults.Order());
    }

    [Fact]
    public void Slices_UseOnlyWhatTheMapAllows_InTheirUsings()
    {
        var faults =
            from file in SourceTree.CSharp("src", "AgentVine.Engine")
            let source = File.ReadAllText(file)
            let user = Place(NamespaceLine().Match(source).Groups[1].Value)
            from Match line in UsingLine().Matches(source)
            let refusal = Refusal(user, Place(line.Groups[1].Value))
            where refusal is not null
            select $"{SourceTree.Name(file)}: {refusal}";

        Assert.Empty(faults.Order());
    }

    [Fact]
    public void Slices_RunOnlyTheirOwnStatements()
    {
        var owners = SourceTree.CSharp("src", "AgentVine.Engine")
            .Where(file => file.EndsWith("Sql.cs", StringComparison.Ordinal))
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), SliceOfFile);
        var shared =
            from file in SourceTree.CSharp("src", "AgentVine.Engine")
            from Match use in StatementUse().Matches(File.ReadAllText(file))
            where owners.TryGetValue(use.Groups[1].Value, out var owner) && owner != SliceOfFile(file)
            select $"{SliceOfFile(file)} {use.Value}";

        // A slice's tables are its own: offer a method in the owner, or list the statement with its reason in SliceMap.
        Assert.Equal(SliceMap.SharedStatements.Keys.Order(), shared.Distinct().Order());
    }

    [Fact]
    public void Folders_AreTheMapsSlices()
    {
        var folders = Directory.EnumerateDirectories(SourceTree.Engine)
            .Where(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Any())
            .Select(folder => Path.GetFileName(folder));

        Assert.Equal(SliceMap.Slices.Select(slice => slice.Name).Order(), folders.Order());
    }

    [Fact]
    public void Namespaces_AreTheFolders()
    {
        var faults =
            from file in SourceTree.CSharp("src", "AgentVine.Engine")
            let stated = NamespaceLine().Match(File.ReadAllText(file)).Groups[1].Value
            let expected = Root + Path.GetRelativePath(SourceTree.Engine, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')
            where stated.Length > 0 && stated != expected
            select $"{SourceTree.Name(file)} is in {stated}, not {expected}";

        Assert.Empty(faults);
    }

    [Fact]
    public void Neighbours_OfOneFloor_UseEachOtherInNoCircle()
    {
        foreach (var slice in SliceMap.Slices)
        {
            var seen = new HashSet<string>();
            var next = new Queue<string>(slice.Beside);
            while (next.TryDequeue(out var name))
            {
                var neighbour = SliceMap.Find(name);
                Assert.True(neighbour?.Floor == slice.Floor, $"{slice.Name} stands beside {name}, which is no slice of floor {slice.Floor}");
                Assert.True(name != slice.Name, $"{slice.Name} uses itself through its neighbours");
                if (seen.Add(name))
                {
                    neighbour.Beside.ToList().ForEach(next.Enqueue);
                }
            }
        }
    }

    [Fact]
    public void Neighbours_AreUsed()
    {
        var uses = TypeUses.Of(typeof(IStore).Assembly.Location)
            .Select(use => (User: Place(use.User.Namespace).Slice?.Name, Used: Place(use.Used.Namespace).Slice?.Name))
            .ToHashSet();
        var unused = SliceMap.Slices.SelectMany(slice => slice.Beside.Select(name => (User: (string?)slice.Name, Used: (string?)name))).Where(pair => !uses.Contains(pair));

        Assert.Empty(unused);
    }

    [Fact]
    public void Slices_HaveAReadme()
    {
        var missing = SliceMap.Slices.Where(slice => !File.Exists(Path.Combine(SourceTree.Engine, slice.Name, "README.md")));

        Assert.Empty(missing.Select(slice => $"src/AgentVine.Engine/{slice.Name}/README.md"));
    }

    private static string? Refusal((Slice? Slice, string? Subfolder) user, (Slice? Slice, string? Subfolder) used) =>
        user.Slice is null || used.Slice is null ? null : SliceMap.Refusal(user.Slice, used.Slice, used.Subfolder);

    private static (Slice? Slice, string? Subfolder) Place(string name)
    {
        if (!name.StartsWith(Root, StringComparison.Ordinal))
        {
            return (null, null);
        }

        var parts = name[Root.Length..].Split('.');
        return (SliceMap.Find(parts[0]), parts.Length > 1 ? parts[1] : null);
    }

    private static string SliceOfFile(string file) => Path.GetRelativePath(SourceTree.Engine, file).Split(Path.DirectorySeparatorChar)[0];

    [GeneratedRegex(@"^namespace (AgentVine\.Engine\.[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(@"^(?:global )?using (?:static |\w+ = )?(AgentVine\.Engine\.[\w.]+?);", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\b(\w+Sql)\.\w+\b")]
    private static partial Regex StatementUse();
}
