using AgentVine.Runtimes.Processes;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>Runs a playbook's command lines, one at a time.</summary>
internal sealed class RehearsedCommands(AgentLaunch launch)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<int> _running = Task.FromResult(0);

    /// <summary>Completes when no process of a command is left; to be awaited after the token of the commands was cancelled.</summary>
    public async Task IdleAsync()
    {
        Task running;
        lock (_lock)
        {
            running = _running;
        }

        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Runs one and passes its lines on. Cancelling ends it; it is gone when this throws.</summary>
    public Task<int> RunAsync(string commandLine, Func<string, ValueTask> pass, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _running = RunToEndAsync(commandLine, pass, cancellationToken);
        }
    }

    private async Task<int> RunToEndAsync(string commandLine, Func<string, ValueTask> pass, CancellationToken cancellationToken)
    {
        var spec = ProcessSpec.For(launch, "/bin/sh", ["-c", commandLine]);
        await using var process = await launch.Processes.StartAsync(spec, cancellationToken);
        try
        {
            await process.StandardInput.DisposeAsync();
            await Task.WhenAll(
                PassAsync(process.StandardOutput, pass, cancellationToken), PassAsync(process.StandardError, pass, cancellationToken));
            return await process.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await process.KillAsync(Grace);
            throw;
        }
    }

    private static async Task PassAsync(Stream stream, Func<string, ValueTask> pass, CancellationToken cancellationToken)
    {
        var reader = new BoundedLineReader(stream, BoundedLineReader.Longest);
        while (await reader.ReadAsync(cancellationToken) is { } line)
        {
            await pass(line);
        }
    }
}
