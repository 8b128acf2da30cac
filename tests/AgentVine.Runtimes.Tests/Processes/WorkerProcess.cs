using System.Diagnostics;
using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Tests.Processes;
using AgentVine.Testing.Conformance;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestPipelineStartup(typeof(WorkerProcess.Pipeline))]

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>This very program once more, as a worker that starts an agent and waits to be killed.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const string KindVariable = "VINE_TEST_WORKER";
    private const string RootVariable = "VINE_TEST_WORKER_FOLDER";
    private const string ExecutionVariable = "VINE_TEST_WORKER_EXECUTION";

    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    /// <summary>Starts it, as another user where one is given; its agent leaves a detached child and then stays.</summary>
    public static WorkerProcess Start(SandboxKind kind, TestFolders folders, uint? user = null)
    {
        var program = Environment.ProcessPath!;
        var start = user is null
            ? new ProcessStartInfo(program)
            : new ProcessStartInfo("setpriv", ["--reuid", $"{user}", "--regid", $"{user}", "--clear-groups", program]);
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.Environment["HOME"] = start.Environment["TMPDIR"] = folders.State;
        start.Environment[KindVariable] = kind.ToString();
        start.Environment[RootVariable] = folders.Root;
        start.Environment[ExecutionVariable] = folders.ExecutionId.ToString();
        return new WorkerProcess(Process.Start(start)!);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    /// <summary>Turns the test program into the worker before it looks for tests.</summary>
    internal sealed class Pipeline : ITestPipelineStartup
    {
        public async ValueTask StartAsync(IMessageSink diagnosticMessageSink)
        {
            if (Environment.GetEnvironmentVariable(KindVariable) is { } kind)
            {
                await WorkAsync(Enum.Parse<SandboxKind>(kind));
            }
        }

        public ValueTask StopAsync() => ValueTask.CompletedTask;

        private static async Task WorkAsync(SandboxKind kind)
        {
            var root = Environment.GetEnvironmentVariable(RootVariable)!;
            var spec = new ProcessSpec
            {
                ExecutionId = Guid.Parse(Environment.GetEnvironmentVariable(ExecutionVariable)!),
                FileName = "sh",
                Arguments = ["-c", $"{AgentWords.DetachCommand} sleep 600"],
                WorkingDirectory = Path.Combine(root, "clone"),
                StateDirectory = Path.Combine(root, "state"),
                Writable = [Path.Combine(root, "clone")],
            };
            var choice = await ProcessLaunchers.CreateAsync(kind, new LauncherOptions(), CancellationToken.None);
            await choice.Launcher.StartAsync(spec, CancellationToken.None);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
        }
    }
}
