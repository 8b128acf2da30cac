using System.Text.RegularExpressions;

namespace AgentVine.Cli.Commands.Tasks;

/// <summary>Reads what was given as repository: a folder of this machine, made absolute, or a git URL, left as it is.</summary>
internal static partial class RepositoryArgument
{
    public static string Resolve(string text, string workingDirectory)
    {
        var path = Path.GetFullPath(text, workingDirectory);
        if (Directory.Exists(path))
        {
            return FindRepository(path) ?? throw new CommandException(
                ExitCode.Usage, $"{path} is in no git repository; name one with --repo, or make one with `git init` and a first commit");
        }

        return GitUrl().IsMatch(text)
            ? text
            : throw new CommandException(ExitCode.Usage, $"'{text}' is neither a folder of this machine nor a git URL; give one of them with --repo");
    }

    // The work tree's root for a folder inside one; the folder itself for a bare repository.
    private static string? FindRepository(string path)
    {
        for (var folder = new DirectoryInfo(path); folder is not null; folder = folder.Parent)
        {
            if (Path.Exists(Path.Combine(folder.FullName, ".git")) || IsBare(folder.FullName))
            {
                return folder.FullName;
            }
        }

        return null;
    }

    private static bool IsBare(string folder) =>
        File.Exists(Path.Combine(folder, "HEAD")) && Directory.Exists(Path.Combine(folder, "objects")) && Directory.Exists(Path.Combine(folder, "refs"));

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*://.|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+:.)")]
    private static partial Regex GitUrl();
}
