namespace AgentVine.Git;

/// <summary>The locks that a killed git leaves behind. Follows no link.</summary>
internal static class StaleLocks
{
    private static readonly EnumerationOptions HereOnly = new() { AttributesToSkip = FileAttributes.None };

    private static readonly EnumerationOptions Deep = new()
    {
        AttributesToSkip = FileAttributes.ReparsePoint,
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
    };

    public static bool Explain(GitException failure) =>
        failure.Errors.Contains(".lock': File exists", StringComparison.Ordinal);

    /// <summary>Removes those that were made before <paramref name="before"/>, or all of them; false if there were none.</summary>
    public static bool Remove(string repository, DateTimeOffset? before = null)
    {
        if (!IsFolder(repository))
        {
            return false;
        }

        var locks = Directory.EnumerateFiles(repository, "*.lock", HereOnly).ToList();
        foreach (var folder in (string[])["refs", "objects"])
        {
            var path = Path.Join(repository, folder);
            locks.AddRange(IsFolder(path) ? Directory.EnumerateFiles(path, "*.lock", Deep) : []);
        }

        locks.RemoveAll(path => before is { } time && File.GetLastWriteTimeUtc(path) >= time.UtcDateTime);
        locks.ForEach(File.Delete);
        return locks.Count > 0;
    }

    private static bool IsFolder(string path) => new DirectoryInfo(path) is { Exists: true, LinkTarget: null };
}
