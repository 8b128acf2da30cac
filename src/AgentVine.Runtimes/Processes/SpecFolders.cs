using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>The folders of a <see cref="ProcessSpec"/>, checked before anything is started.</summary>
internal static class SpecFolders
{
    /// <exception cref="AgentLaunchException">A folder that the process is to live in is not there.</exception>
    public static void Require(ProcessSpec spec)
    {
        RequireFolder(spec.WorkingDirectory, "working directory");
        RequireFolder(spec.StateDirectory, "state directory");
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="folder"/> or lies below it.</summary>
    public static bool IsWithin(string path, string folder)
    {
        var relative = Path.GetRelativePath(folder, path);
        return relative.Split(Path.DirectorySeparatorChar)[0] != ".." && !Path.IsPathRooted(relative);
    }

    private static void RequireFolder(string path, string role)
    {
        if (!Path.IsPathFullyQualified(path) || !Directory.Exists(path))
        {
            throw new AgentLaunchException(
                FailureKind.Transient,
                $"The agent's {role} '{path}' is not an existing folder with a full path; the worker makes it before it starts the agent.");
        }
    }
}
