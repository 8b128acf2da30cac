using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Starts every process of the agents from one thread that lives as long as this program: a Linux death signal follows the thread
/// that forked, so an agent started from a pool thread dies with that thread.
/// </summary>
internal sealed class AgentProcessStarter
{
    private static readonly Lazy<AgentProcessStarter> Only = new(() => new AgentProcessStarter());

    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Done)> _starts = [];

    private AgentProcessStarter() =>
        new Thread(Run) { IsBackground = true, Name = "agent processes" }.Start();

    public static AgentProcessStarter Shared => Only.Value;

    public Task<Process> StartAsync(ProcessStartInfo start)
    {
        var done = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _starts.Add((start, done));
        return done.Task;
    }

    private void Run()
    {
        foreach (var (start, done) in _starts.GetConsumingEnumerable())
        {
            try
            {
                done.SetResult(Start(start));
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        if (OperatingSystem.IsLinux())
        {
            Libc.CloseInheritedDescriptorsOnExec();
        }

        var process = new Process { StartInfo = start };
        process.Start();
        return process;
    }
}
