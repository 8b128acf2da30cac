using System.Runtime.Versioning;
using System.Text;

namespace AgentVine.Runtimes.Processes;

/// <summary>Whether bubblewrap works on this host, found out by running a program in it.</summary>
/// <param name="Launcher">The launcher that worked; null when none does.</param>
/// <param name="Reason">Why not, and what to do about it.</param>
public sealed record SandboxProbe(IProcessLauncher? Launcher, string? Reason)
{
    private const string Advice =
        "Install bubblewrap and allow it to make namespaces (on Ubuntu: sysctl kernel.apparmor_restrict_unprivileged_userns=0, or a "
        + "profile for bwrap; in a container: seccomp and AppArmor unconfined), or start the worker with --sandbox none.";

    private const string OtherSystem = "bubblewrap is a program for Linux. Start the worker with --sandbox none, or run it on Linux.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Tries the sandbox with user namespaces forbidden inside, and where the installed one cannot do that, without.</summary>
    public static async Task<SandboxProbe> RunAsync(LauncherOptions options, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
        {
            return new SandboxProbe(Launcher: null, OtherSystem);
        }

        SandboxTools tools;
        try
        {
            tools = SandboxTools.Find();
        }
        catch (AgentLaunchException exception)
        {
            return new SandboxProbe(Launcher: null, exception.Message);
        }

        var strict = new BubblewrapLauncher(options, tools, disableUserNamespaces: true);
        if (await FailureAsync(strict, options, cancellationToken) is null)
        {
            return new SandboxProbe(strict, Reason: null);
        }

        var lenient = new BubblewrapLauncher(options, tools, disableUserNamespaces: false);
        return await FailureAsync(lenient, options, cancellationToken) is { } failure
            ? new SandboxProbe(Launcher: null, $"bubblewrap does not work here: {failure} {Advice}")
            : new SandboxProbe(lenient, Reason: null);
    }

    [SupportedOSPlatform("linux")]
    private static async Task<string?> FailureAsync(
        BubblewrapLauncher launcher, LauncherOptions options, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("vine-probe-");
        try
        {
            var spec = new ProcessSpec
            {
                ExecutionId = Guid.NewGuid(),
                FileName = "true",
                Arguments = [],
                WorkingDirectory = folder.FullName,
                StateDirectory = folder.FullName,
            };
            await using var process = await launcher.StartAsync(spec, cancellationToken);
            using var reader = new StreamReader(process.StandardError, Encoding.UTF8);
            var words = await reader.ReadToEndAsync(cancellationToken).WaitAsync(Patience, options.TimeProvider, cancellationToken);
            return await process.Exited == 0 ? null : words.Trim();
        }
        catch (Exception exception) when (exception is AgentLaunchException or TimeoutException or IOException)
        {
            return exception.Message;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
