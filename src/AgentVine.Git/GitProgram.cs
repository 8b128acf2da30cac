namespace AgentVine.Git;

/// <summary>Finds git on a PATH, absolute entries only: a <c>git</c> in the current folder is never run.</summary>
internal static class GitProgram
{
    public static string? Find(GitOptions options)
    {
        if (Path.IsPathFullyQualified(options.Program))
        {
            return File.Exists(options.Program) ? options.Program : null;
        }

        if (!options.Environment.TryGetValue("PATH", out var path) || options.Program.AsSpan().IndexOfAny('/', '\\') >= 0)
        {
            return null;
        }

        var name = OperatingSystem.IsWindows() && !Path.HasExtension(options.Program) ? options.Program + ".exe" : options.Program;
        return path.Split(Path.PathSeparator)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Join(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
