namespace AgentVine.Git;

/// <summary>A ref and the object that it names: a commit, or for most tags a tag object.</summary>
internal sealed record GitRef(string Name, string Object)
{
    public const string Heads = "refs/heads/";

    /// <summary>The listing of <c>for-each-ref --format=%(objectname) %(refname)</c>. Names that are not UTF-8 are left out.</summary>
    public static IReadOnlyList<GitRef> ParseList(GitOutput output) =>
    [
        .. output.Lines
            .Where(line => line.Length > 41 && !line.Contains('\uFFFD', StringComparison.Ordinal))
            .Select(line => line.Split(' ', 2))
            .Where(parts => parts.Length == 2)
            .Select(parts => new GitRef(parts[1], parts[0])),
    ];
}
