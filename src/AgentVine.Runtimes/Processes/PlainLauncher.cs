namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Starts processes without a sandbox: they see what this program sees, with a clean environment. On Linux each has its own session,
/// its whole tree is found through <c>/proc</c>, and a <see cref="DeathWatch"/> kills it when this program dies; elsewhere what
/// .NET finds of the tree is killed.
/// </summary>
public sealed class PlainLauncher(LauncherOptions options) : IProcessLauncher
{
    /// <inheritdoc/>
    public string Sandbox => "none";

    /// <inheritdoc/>
    public bool CutsNetwork => false;

    /// <inheritdoc/>
    public async Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (spec.CutNetwork)
        {
            throw new ArgumentException("A process without a sandbox has the host's network.", nameof(spec));
        }

        SpecFolders.Require(spec);
        var temporary = Directory.CreateDirectory(Path.Combine(spec.StateDirectory, "tmp")).FullName;

        var start = new ProcessStart(options, spec, sandboxed: false);
        var environment = AgentEnvironment.For(spec, start.Mark, AgentEnvironment.HostPath(), temporary);
        var program = ProgramPath.Require(spec.FileName, environment["PATH"]);
        if (!OperatingSystem.IsLinux())
        {
            return await start.RunAsync(program, spec.Arguments, environment, () => Task.CompletedTask);
        }

        await DeathWatch.Shared.AddAsync(start.Mark);
        return await start.RunAsync(program, spec.Arguments, environment, () => DeathWatch.Shared.RemoveAsync(start.Mark));
    }
}
