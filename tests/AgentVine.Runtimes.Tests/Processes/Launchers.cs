using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>The launchers of this machine. Without a working bubblewrap the tests of the sandbox fail; they are not skipped.</summary>
internal static class Launchers
{
    private static readonly Lazy<Task<LauncherChoice>> Sandboxed =
        new(() => ProcessLaunchers.CreateAsync(SandboxKind.Bubblewrap, new LauncherOptions(), CancellationToken.None));

    public static IProcessLauncher Plain { get; } = new PlainLauncher(new LauncherOptions());

    public static async Task<IProcessLauncher> OfAsync(SandboxKind kind) =>
        kind == SandboxKind.None ? Plain : (await Sandboxed.Value).Launcher;
}
