using System.Xml.Linq;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>Which project may refer to which.</summary>
public sealed class ProjectTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Contracts"] = [],
        ["Git"] = ["Contracts"],
        ["Engine"] = ["Contracts", "Git"],
        ["Storage.Sqlite"] = ["Engine"],
        ["Storage.Postgres"] = ["Engine"],
        ["Client"] = ["Contracts"],
        ["Runtimes"] = ["Contracts"],
        ["ScriptedModel"] = [],
        ["Worker"] = ["Contracts", "Client", "Git", "Runtimes"],
        ["Cli"] = ["Contracts", "Client"],
        ["Host"] = ["Contracts", "Client", "Cli", "Engine", "Git", "Runtimes", "ScriptedModel", "Storage.Postgres", "Storage.Sqlite", "Worker"],
    };

    [Fact]
    public void Projects_ReferDownwardsOnly()
    {
        var faults =
            from project in Projects()
            from reference in References(project.Path)
            where !Allowed.TryGetValue(project.Name, out var allowed) || !allowed.Contains(reference)
            select $"{project.Name} refers to {reference}";

        Assert.Empty(faults);
    }

    [Fact]
    public void Projects_AreAllOnTheMap() => Assert.Equal(Allowed.Keys.Order(), Projects().Select(project => project.Name).Order());

    [Fact]
    public void Packages_HaveTheirVersionsInOnePlace()
    {
        var faults =
            from path in Directory.EnumerateFiles(SourceTree.Root, "*.csproj", SearchOption.AllDirectories)
            where XDocument.Load(path).Descendants("PackageReference").Any(package => package.Attribute("Version") is not null)
            select $"{SourceTree.Name(path)} states a version; it belongs into Directory.Packages.props";

        Assert.Empty(faults);
    }

    private static IEnumerable<(string Name, string Path)> Projects() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => (Short(path), path));

    private static IEnumerable<string> References(string path) =>
        XDocument.Load(path).Descendants("ProjectReference").Select(reference => Short((string)reference.Attribute("Include")!));

    private static string Short(string path) => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))["AgentVine.".Length..];
}
