namespace AgentVine.Testing.Databases;

/// <summary>Where PostgreSQL's programs are: Debian keeps them off the PATH.</summary>
internal static class PostgresPrograms
{
    private const string Debian = "/usr/lib/postgresql";

    public static string Find(string program)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Versions().Select(version => Path.Combine(version, "bin")));
        return folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException(
                $"PostgreSQL's {program} is neither on the PATH nor under {Debian}, and the stores are tested on a real server. "
                + "Run ./test.sh, which installs what the tests need.");
    }

    private static IEnumerable<string> Versions() =>
        Directory.Exists(Debian)
            ? Directory.EnumerateDirectories(Debian).OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var version) ? version : 0)
            : [];
}
