using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>Makes the launcher of a worker's processes.</summary>
public static class ProcessLaunchers
{
    /// <summary>Makes the launcher of this kind, after trying out the sandbox where one is asked for.</summary>
    /// <exception cref="AgentLaunchException">bubblewrap is asked for and does not work here; the message says what to do.</exception>
    public static async Task<LauncherChoice> CreateAsync(SandboxKind kind, LauncherOptions options, CancellationToken cancellationToken)
    {
        if (kind == SandboxKind.None)
        {
            return new LauncherChoice(new PlainLauncher(options), NotSandboxedBecause: null);
        }

        var probe = await SandboxProbe.RunAsync(options, cancellationToken);
        if (probe.Launcher is not null)
        {
            return new LauncherChoice(probe.Launcher, NotSandboxedBecause: null);
        }

        return kind == SandboxKind.Auto
            ? new LauncherChoice(new PlainLauncher(options), probe.Reason)
            : throw new AgentLaunchException(FailureKind.Permanent, probe.Reason!);
    }
}
