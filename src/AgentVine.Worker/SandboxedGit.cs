using System.Text;
using AgentVine.Contracts.Tasks;
using AgentVine.Git.Clones;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Worker;

/// <summary>Runs one git step in the agent's clone, in the agent's sandbox. What it prints is the agent's word.</summary>
internal sealed class SandboxedGit(IProcessLauncher launcher, Workspace workspace, Guid executionId) : IAsyncDisposable
{
    private const int MaxText = 64 * 1024;
    private IAgentProcess? _process;

    public Task<string> RunAsync(GitStep step, CancellationToken cancellationToken) =>
        StreamAsync(step, output => ReadTextAsync(output, cancellationToken), cancellationToken);

    public async Task<T> StreamAsync<T>(GitStep step, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        _process = await launcher.StartAsync(
            new ProcessSpec
            {
                ExecutionId = executionId,
                FileName = "git",
                Arguments = step.Arguments,
                WorkingDirectory = workspace.Clone,
                StateDirectory = workspace.Home,
                Environment = step.Environment,
                Writable = [workspace.Clone],
                ReadOnly = [workspace.Objects],
            },
            cancellationToken);
        _process.StandardInput.Close();
        var errors = ReadTextAsync(_process.StandardError, cancellationToken);
        var result = await read(_process.StandardOutput);
        var exitCode = await _process.Exited.WaitAsync(cancellationToken);
        return step.ExitCodes.Contains(exitCode)
            ? result
            : throw new WorkspaceException(
                FailureKind.BadResult, $"git {step.Arguments[0]} in the agent's clone failed with exit code {exitCode}: {Gist(await errors)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static async Task<string> ReadTextAsync(Stream stream, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, MaxText - kept.Length));
        }

        return Encoding.UTF8.GetString(kept.ToArray());
    }

    private static string Gist(string errors) => errors.Length <= 500 ? errors.Trim() : errors[..500].Trim() + " …";
}
