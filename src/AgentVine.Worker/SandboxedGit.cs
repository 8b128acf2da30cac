using System.Text;
using AgentVine.Git.Clones;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Worker;

/// <summary>Runs git steps in one agent's clone, in that agent's sandbox, each a process of its own. What they print is the agent's word.</summary>
internal sealed class SandboxedGit(IProcessLauncher launcher, WorkspaceFolders folders, string objects) : IGitSteps
{
    private const int MostErrors = 64 * 1024;
    private const int MostText = 16 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<GitStepOutput> RunAsync(GitStep step, CancellationToken cancellationToken)
    {
        var (text, exitCode) = await RunAsync(step, output => ReadTextAsync(output, MostText + 1, Encoding.Latin1, cancellationToken), cancellationToken);
        return text.Length <= MostText
            ? new GitStepOutput(exitCode, text)
            : throw new GitStepException(
                $"git {step.Arguments[0]} in the agent's clone printed more than {MostText >> 20} MiB, and a part of it is of no use: the clone has too many files or branches.");
    }

    /// <summary>Hands a step's standard output to <paramref name="read"/>.</summary>
    /// <exception cref="GitStepException">It ended with an exit code that is a failure.</exception>
    public async Task<T> StreamAsync<T>(GitStep step, Func<Stream, Task<T>> read, CancellationToken cancellationToken) =>
        (await RunAsync(step, read, cancellationToken)).Result;

    private async Task<(T Result, int ExitCode)> RunAsync<T>(GitStep step, Func<Stream, Task<T>> read, CancellationToken cancellationToken)
    {
        folders.Require();
        await using var process = await launcher.StartAsync(Spec(step), cancellationToken);
        var writing = WriteAsync(process.StandardInput, step.Input, cancellationToken);
        var errors = ReadTextAsync(process.StandardError, MostErrors, Encoding.UTF8, cancellationToken);
        var result = await read(process.StandardOutput);
        await writing;
        var exitCode = await process.Exited.WaitAsync(cancellationToken);
        return step.ExitCodes.Contains(exitCode)
            ? (result, exitCode)
            : throw new GitStepException($"git {step.Arguments[0]} in the agent's clone failed with exit code {exitCode}: {Gist(await errors)}");
    }

    private ProcessSpec Spec(GitStep step) => new()
    {
        ExecutionId = folders.ExecutionId,
        FileName = "git",
        Arguments = step.Arguments,
        WorkingDirectory = folders.Clone,
        StateDirectory = folders.Home,
        Environment = step.Environment,
        Writable = [folders.Clone],
        ReadOnly = [objects],

        // Programs that the agent planted run here too, and nothing that git does here needs a network.
        CutNetwork = launcher.CutsNetwork,
    };

    private static async Task WriteAsync(Stream input, string text, CancellationToken cancellationToken)
    {
        try
        {
            await input.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);
            await input.DisposeAsync();
        }
        catch (IOException)
        {
            // Git ended before it had read all: its exit code tells why.
        }
    }

    private static async Task<string> ReadTextAsync(Stream stream, int longest, Encoding encoding, CancellationToken cancellationToken)
    {
        var kept = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            kept.Write(buffer, 0, (int)Math.Min(read, longest - kept.Length));
        }

        return encoding.GetString(kept.ToArray());
    }

    private static string Gist(string errors) => errors.Length <= 500 ? errors.Trim() : errors[..500].Trim() + " …";
}
