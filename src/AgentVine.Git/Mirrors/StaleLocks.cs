namespace AgentVine.Git.Mirrors;

/// <summary>The locks that a killed git leaves behind in a repository that this program alone writes to, under a lock of its own.</summary>
internal static class StaleLocks
{
    public static bool Explain(GitException failure) =>
        failure.Errors.Contains(".lock': File exists", StringComparison.Ordinal);

    /// <summary>Removes them all; false if there were none.</summary>
    public static bool Remove(string folder)
    {
        var locks = Directory.EnumerateFiles(folder, "*.lock")
            .Concat(Directory.EnumerateFiles(Path.Join(folder, "refs"), "*.lock", SearchOption.AllDirectories))
            .Concat(Directory.EnumerateFiles(Path.Join(folder, "objects"), "*.lock", SearchOption.AllDirectories))
            .ToList();
        locks.ForEach(File.Delete);
        return locks.Count > 0;
    }
}
