namespace AgentVine.Runtimes.Processes;

/// <summary>The launcher that a worker got.</summary>
/// <param name="Launcher">To start agents with.</param>
/// <param name="NotSandboxedBecause">For <see cref="SandboxKind.Auto"/> without a sandbox: why, in words to be said loudly.</param>
public sealed record LauncherChoice(IProcessLauncher Launcher, string? NotSandboxedBecause);
