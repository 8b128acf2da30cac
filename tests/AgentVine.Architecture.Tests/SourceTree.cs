namespace AgentVine.Architecture.Tests;

/// <summary>The repository's files, found from where the tests were built.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    public static string Engine { get; } = Path.Combine(Root, "src", "AgentVine.Engine");

    public static IEnumerable<string> CSharp(params string[] folder) =>
        Directory.EnumerateFiles(Path.Combine([Root, .. folder]), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>As people name it: from the root, with slashes.</summary>
    public static string Name(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentVine.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new InvalidOperationException($"No AgentVine.slnx above {AppContext.BaseDirectory}: run the tests from the repository that they were built in.");
    }
}
