using System.ComponentModel;
using System.Diagnostics;
using AgentVine.Contracts.Tasks;

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
    public async Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireFolder(spec.WorkingDirectory, "working directory");
        RequireFolder(spec.StateDirectory, "state directory");
        var temporary = Directory.CreateDirectory(Path.Combine(spec.StateDirectory, "tmp")).FullName;

        var mark = Guid.NewGuid().ToString("N");
        var environment = AgentEnvironment.For(spec, mark, AgentEnvironment.HostPath(), temporary);
        var start = StartInfo(spec, environment);
        if (OperatingSystem.IsLinux())
        {
            await DeathWatch.Shared.AddAsync(mark);
        }

        try
        {
            var process = await AgentProcessStarter.Shared.StartAsync(start);
            IProcessTree tree = OperatingSystem.IsLinux()
                ? new MarkedProcessTree(process.Id, mark, sandboxed: false)
                : new PortableProcessTree(process);
            return new LaunchedProcess(process, tree, options.TimeProvider, () => ForgetAsync(mark));
        }
        catch (Win32Exception exception)
        {
            await ForgetAsync(mark);
            throw new AgentLaunchException(
                FailureKind.Transient,
                $"The program '{spec.FileName}' could not be started: {exception.Message}. Check the worker's limits on processes and memory.",
                exception);
        }
    }

    private static ProcessStartInfo StartInfo(ProcessSpec spec, Dictionary<string, string> environment)
    {
        var program = ProgramPath.Require(spec.FileName, environment["PATH"]);

        // Of its own session, so that a Ctrl-C in the worker's terminal is the worker's to handle.
        var setsid = OperatingSystem.IsLinux() ? ProgramPath.Find("setsid", AgentEnvironment.SystemPath) : null;
        var start = setsid is null ? new ProcessStartInfo(program, spec.Arguments) : new ProcessStartInfo(setsid, [program, .. spec.Arguments]);
        start.WorkingDirectory = spec.WorkingDirectory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void RequireFolder(string path, string role)
    {
        if (!Path.IsPathFullyQualified(path) || !Directory.Exists(path))
        {
            throw new AgentLaunchException(
                FailureKind.Transient, $"The {role} '{path}' of the agent is not an existing folder with a full path. The worker makes it before it starts the agent.");
        }
    }

    private static Task ForgetAsync(string mark) => OperatingSystem.IsLinux() ? DeathWatch.Shared.RemoveAsync(mark) : Task.CompletedTask;
}
