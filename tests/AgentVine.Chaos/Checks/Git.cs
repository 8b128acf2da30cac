using System.Diagnostics;

namespace AgentVine.Chaos.Checks;

/// <summary>Reads repositories with git, whoever's they are.</summary>
internal static class Git
{
    /// <summary>What it printed, without the last line's end; null where it refused.</summary>
    public static async Task<string?> TryAsync(string folder, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", "safe.directory=*", "-C", folder, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_CONFIG_GLOBAL"] = start.Environment["GIT_CONFIG_SYSTEM"] = "/dev/null";
        using var git = Process.Start(start)!;
        var errors = git.StandardError.ReadToEndAsync();
        var output = await git.StandardOutput.ReadToEndAsync();
        await git.WaitForExitAsync();
        await errors;
        return git.ExitCode == 0 ? output.TrimEnd('\n') : null;
    }
}
