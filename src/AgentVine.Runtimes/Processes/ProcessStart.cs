using System.ComponentModel;
using System.Diagnostics;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>A start on record: the intent stands before the process, its pid after, and both go with its tree.</summary>
internal sealed class ProcessStart(LauncherOptions options, ProcessSpec spec, bool sandboxed)
{
    /// <summary>Carried by everything that comes of this start.</summary>
    public string Mark { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Starts it; <paramref name="ended"/> undoes what was prepared, after its tree is gone or when it did not start.</summary>
    public async Task<IAgentProcess> RunAsync(
        string program, IEnumerable<string> arguments, Dictionary<string, string> environment, Func<Task> ended)
    {
        try
        {
            options.Leftovers?.Intend(spec.ExecutionId, Mark);
            var process = await AgentProcessStarter.Shared.StartAsync(StartInfo(program, arguments, environment));
            IProcessTree tree = OperatingSystem.IsLinux()
                ? new MarkedProcessTree(process.Id, Mark, sandboxed)
                : new PortableProcessTree(process);
            Record(process, tree);
            return new LaunchedProcess(process, tree, options.TimeProvider, () => EndAsync(ended));
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            await EndAsync(ended);
            throw new AgentLaunchException(
                FailureKind.Transient,
                $"The program '{spec.FileName}' could not be started: {exception.Message}. "
                + "Check the worker's limits on processes, memory and disk.",
                exception);
        }
    }

    private void Record(Process process, IProcessTree tree)
    {
        try
        {
            options.Leftovers?.Started(spec.ExecutionId, Mark, process.Id);
        }
        catch (IOException)
        {
            tree.Kill();
            process.Dispose();
            throw;
        }
    }

    private ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, Dictionary<string, string> environment)
    {
        // Of its own session, so that a Ctrl-C in the worker's terminal is the worker's to handle.
        var setsid = OperatingSystem.IsLinux() ? ProgramPath.Find("setsid", AgentEnvironment.SystemPath) : null;
        var start = setsid is null ? new ProcessStartInfo(program, arguments) : new ProcessStartInfo(setsid, [program, .. arguments]);
        start.WorkingDirectory = sandboxed ? "/" : spec.WorkingDirectory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.CreateNoWindow = true;
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private async Task EndAsync(Func<Task> ended)
    {
        options.Leftovers?.Forget(Mark);
        await ended();
    }
}
