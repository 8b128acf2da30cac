using System.Text.RegularExpressions;
using AgentVine.Runtimes;
using Xunit;

namespace AgentVine.Architecture.Tests;

/// <summary>A suite of the shared rules of a seam is bound to everything that implements the seam.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string[] Databases = [.. Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src"), "AgentVine.Storage.*")
        .Select(folder => folder[(folder.LastIndexOf('.') + 1)..])];

    // Each suite with the words that its bindings' names must hold between them.
    private static readonly Dictionary<string, IReadOnlyList<string>> Required = new()
    {
        ["StoreConformance"] = Databases,
        ["IdempotencyConformance"] = Databases,
        ["QueueConformance"] = Databases,
        ["AnalyticsConformance"] = Databases,
        ["AgentRuntimeConformance"] = [.. Implementations(typeof(IAgentRuntime), "Runtime")],
        ["BlobStoreConformance"] = ["Folder", .. Databases],
        ["ProcessLauncherConformance"] = ["Plain", "Bubblewrap"],
    };

    [Fact]
    public void Suites_AreBoundToAllThatTheyAreFor()
    {
        var bindings = SourceTree.CSharp("tests")
            .SelectMany(file => Binding().Matches(File.ReadAllText(file)))
            .ToLookup(match => match.Groups["suite"].Value, match => match.Groups["binding"].Value);
        var faults =
            from suite in Required
            from word in suite.Value
            where !bindings[suite.Key].Any(binding => binding.Contains(word, StringComparison.Ordinal))
            select $"{suite.Key} is not bound to {word}: add a class of that name that derives from it";

        Assert.Empty(faults);
    }

    [Fact]
    public void Suites_SayWhatTheyMustBeBoundTo()
    {
        var suites = SourceTree.CSharp("tests").SelectMany(file => Suite().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value);

        Assert.Equal(Required.Keys.Order(), suites.Distinct().Order());
    }

    private static IEnumerable<string> Implementations(Type seam, string suffix) =>
        from type in seam.Assembly.GetTypes()
        where type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(seam)
        select type.Name.Replace(suffix, "", StringComparison.Ordinal);

    [GeneratedRegex(@"\bclass\s+(?<binding>\w+)(?:\([^)]*\))?\s*:\s*(?<suite>\w+Conformance)\b")]
    private static partial Regex Binding();

    [GeneratedRegex(@"\babstract\s+(?:partial\s+)?class\s+(\w+Conformance)\b")]
    private static partial Regex Suite();
}
