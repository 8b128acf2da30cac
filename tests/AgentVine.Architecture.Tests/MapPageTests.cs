using System.Text;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>The map that people read is the one that is enforced.</summary>
public sealed class MapPageTests
{
    private const string Begin = "<!-- slices: written by UPDATE_MAP=1 ./test.sh Architecture -->";
    private const string End = "<!-- /slices -->";
    private const string Variable = "UPDATE_MAP";

    [Fact]
    public void ArchitecturePage_ShowsTheMap()
    {
        var path = Path.Combine(SourceTree.Root, "docs", "architecture.md");
        var page = File.ReadAllText(path);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= 0 && end > begin, $"docs/architecture.md must hold the lines '{Begin}' and '{End}', for the map to stand between");
        var fresh = page[..begin] + Begin + "\n" + Section() + page[end..];
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            File.WriteAllText(path, fresh);
            return;
        }

        Assert.True(page == fresh, $"The map in docs/architecture.md is not SliceMap's. Write it anew: {Variable}=1 ./test.sh Architecture");
    }

    private static string Section()
    {
        var section = new StringBuilder("| floor | slice | what it is for | uses of its own floor |\n|---|---|---|---|\n");
        foreach (var slice in SliceMap.Slices.OrderBy(slice => slice.Floor).ThenBy(slice => slice.Name, StringComparer.Ordinal))
        {
            section.Append(null, $"| {slice.Floor} | `{slice.Name}` | {slice.Duty} | {string.Join(", ", slice.Beside)} |\n");
        }

        return section.ToString();
    }
}
