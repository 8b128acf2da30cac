using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Finds Claude Code, for a worker's start and for <c>vine doctor</c>.</summary>
public static class ClaudeCodeProbe
{
    /// <summary>The version that this driver was made with and is tested against: the protocol between them is not a published one.</summary>
    public const string TestedVersion = "2.1.330";

    private const string Install = $"Install it with 'npm install -g @anthropic-ai/claude-code@{TestedVersion}', or set VINE_CLAUDE_PATH to its full path.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds the program and asks it for its version.</summary>
    /// <param name="program">A full path, or null for <c>claude</c> on the <c>PATH</c>.</param>
    /// <param name="timeProvider">The clock of the wait for its answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="AgentLaunchException">It is missing or does not run; the message says how to install it.</exception>
    public static async Task<ClaudeProgram> FindAsync(string? program, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var path = Locate(program);
        var version = await VersionAsync(path, timeProvider, cancellationToken);
        return new ClaudeProgram(path, version);
    }

    /// <summary>The native binary's full path; does not run it.</summary>
    /// <exception cref="AgentLaunchException">It is missing; the message says how to install it.</exception>
    internal static string Locate(string? program)
    {
        var named = program ?? "claude";
        var found = ProgramPath.Find(named, AgentEnvironment.HostPath()) ?? throw new AgentLaunchException(
            FailureKind.Permanent,
            program is null
                ? $"Claude Code was not found: there is no 'claude' on the PATH. {Install}"
                : $"Claude Code was not found: '{program}' is no program. {Install}");
        var real = File.ResolveLinkTarget(found, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(found);
        return NativeBinaries(found).Concat(NativeBinaries(real)).FirstOrDefault(File.Exists) ?? real;
    }

    /// <summary>Where npm puts the binary that a wrapper in <paramref name="file"/>'s place stands for.</summary>
    private static IEnumerable<string> NativeBinaries(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "claude-code" && Path.GetFileName(Path.GetDirectoryName(folder)) == "@anthropic-ai")
            {
                return Packages(Path.GetDirectoryName(folder)!).Concat(Packages(Path.Combine(folder, "node_modules", "@anthropic-ai")));
            }
        }

        // npm's command files on Windows stand beside the modules' folder.
        return OperatingSystem.IsWindows()
            ? Packages(Path.Combine(Path.GetDirectoryName(file)!, "node_modules", "@anthropic-ai"))
                .Concat(Packages(Path.Combine(Path.GetDirectoryName(file)!, "node_modules", "@anthropic-ai", "claude-code", "node_modules", "@anthropic-ai")))
            : [];
    }

    private static IEnumerable<string> Packages(string scope)
    {
        var system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        var platform = $"claude-code-{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        var binary = OperatingSystem.IsWindows() ? "claude.exe" : "claude";
        string[] packages = RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            ? [$"{platform}-musl", platform]
            : [platform, $"{platform}-musl"];
        return packages.Select(package => Path.Combine(scope, package, binary));
    }

    private static async Task<string> VersionAsync(string path, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var process = StartVersion(path);
        using var patience = new CancellationTokenSource(Patience, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            process.StandardInput.Close();
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            var words = (await process.StandardOutput.ReadToEndAsync(either.Token)).Trim();
            await process.WaitForExitAsync(either.Token);
            return process.ExitCode == 0 && words.Length > 0
                ? words.Split(' ')[0]
                : throw NotRunning(path, $"'--version' ended with exit code {process.ExitCode}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotRunning(path, $"'--version' did not answer within {Patience.TotalSeconds:0} seconds");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static Process StartVersion(string path)
    {
        var start = new ProcessStartInfo(path, ["--version"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception exception)
        {
            throw NotRunning(path, exception.Message);
        }
    }

    private static AgentLaunchException NotRunning(string path, string why) =>
        new(FailureKind.Permanent, $"Claude Code at '{path}' does not run: {why}. {Install}");
}
