using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Transcripts;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>Runs the real Claude Code, driven over its two-way stream of JSON lines as its own SDK drives it.</summary>
public sealed class ClaudeCodeRuntime(ClaudeCodeOptions options, TimeProvider timeProvider, ILogger logger) : IAgentRuntime
{
    /// <summary>The name by which tasks ask for this runtime.</summary>
    public const string RuntimeName = "claude-code";

    /// <inheritdoc/>
    public string Name => RuntimeName;

    /// <inheritdoc/>
    public RuntimeCapabilities Capabilities { get; } = new(Questions: true, Permissions: true, Messages: true, Interrupt: true, Resume: true);

    /// <inheritdoc/>
    public IAgentTranscripts? Transcripts { get; } = new ClaudeTranscripts();

    /// <inheritdoc/>
    public async Task<IAgentRun> StartAsync(AgentLaunch launch, CancellationToken cancellationToken)
    {
        var program = ClaudeCodeProbe.Locate(options.Program);
        var process = await launch.Processes.StartAsync(Spec(launch, program), cancellationToken);
        var run = new ClaudeRun(process, launch, options, timeProvider, logger);
        try
        {
            await run.BeginAsync(launch.Instructions, cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    private ProcessSpec Spec(AgentLaunch launch, string program)
    {
        // Where the model is called over a socket, nothing is left that needs a network.
        string[] socket = launch.ModelAccess?.Socket is { } path ? [path] : [];
        return new ProcessSpec
        {
            ExecutionId = launch.ExecutionId,
            FileName = program,
            Arguments = ClaudeCommandLine.Arguments(launch, options),
            WorkingDirectory = launch.WorkingDirectory,
            StateDirectory = launch.StateDirectory,
            Environment = ClaudeCommandLine.Environment(launch, options),
            CutNetwork = socket.Length > 0,
            Writable = launch.ReadOnly ? [launch.StateDirectory] : [launch.StateDirectory, launch.WorkingDirectory],
            ReadOnly = [program, .. socket, .. launch.SharedFolders, .. launch.ReadOnly ? [launch.WorkingDirectory] : Array.Empty<string>()],
        };
    }
}
