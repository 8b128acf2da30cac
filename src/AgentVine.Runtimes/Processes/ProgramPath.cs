using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>Finds a program as a shell would, so that a missing one is told before anything is started.</summary>
internal static class ProgramPath
{
    /// <summary>The full path of <paramref name="fileName"/>, null where there is no such program.</summary>
    public static string? Find(string fileName, string path)
    {
        if (fileName.Contains('/', StringComparison.Ordinal) || Path.IsPathFullyQualified(fileName))
        {
            return Path.IsPathFullyQualified(fileName) ? Executable(fileName) : null;
        }

        return path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Executable(Path.Combine(folder, fileName)))
            .FirstOrDefault(found => found is not null);
    }

    /// <exception cref="AgentLaunchException">There is no such program.</exception>
    public static string Require(string fileName, string path) =>
        Find(fileName, path) ?? throw new AgentLaunchException(
            FailureKind.Permanent,
            Path.IsPathFullyQualified(fileName)
                ? $"The program '{fileName}' does not exist or may not be executed. Install it there, or correct the configuration."
                : $"The program '{fileName}' is not on the PATH ({path}). Install it, or give its full path in the configuration.");

    private static string? Executable(string file)
    {
        if (OperatingSystem.IsWindows())
        {
            var extensions = Environment.GetEnvironmentVariable("PATHEXT")?.Split(';') ?? [".exe", ".cmd", ".bat"];
            return Path.HasExtension(file) && File.Exists(file)
                ? file
                : extensions.Select(extension => file + extension).FirstOrDefault(File.Exists);
        }

        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(file) && (File.GetUnixFileMode(file) & Execute) != 0 ? file : null;
    }
}
