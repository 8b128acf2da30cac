using AgentVine.Contracts.Executions;
using AgentVine.Git.Clones;
using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;
using AgentVine.Runtimes;
using AgentVine.Runtimes.Processes;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Brings home what attempts left whose worker was killed: files and conversation as a checkpoint of their attempt, then the folder goes.
/// What cannot be brought home stays where it is, and the log says so each time that the worker starts.
/// </summary>
internal sealed partial class Salvage(
    string folder,
    MirrorStore mirrors,
    IProcessLauncher launcher,
    ServerLink server,
    IReadOnlyDictionary<string, IAgentRuntime> runtimes,
    long maxBundleBytes,
    TimeProvider time,
    ILogger logger)
{
    /// <summary>To be run before the worker registers, once nothing of these attempts' agents runs.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var left in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).ToList())
        {
            try
            {
                await RunAsync(left, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(failure, left);
            }
        }
    }

    private async Task RunAsync(string left, CancellationToken cancellationToken)
    {
        if (left.EndsWith(WorkspaceFolders.Going, StringComparison.Ordinal))
        {
            PrivateClone.Delete(left);
            return;
        }

        if (!Guid.TryParseExact(Path.GetFileName(left), "D", out var executionId))
        {
            LogForeign(left);
            return;
        }

        var folders = new WorkspaceFolders(folder, executionId);
        if (!File.Exists(folders.Attempt))
        {
            // It stands before the agent starts: none worked here.
            folders.Delete();
            return;
        }

        var attempt = AttemptFile.Read(folders.Attempt) ?? throw new IOException($"'{folders.Attempt}' cannot be read.");
        await SendAsync(new Workspace(folders, attempt, mirrors.For(RepositoryUrl.Parse(attempt.RepositoryUrl)), "", launcher), cancellationToken);
    }

    private async Task SendAsync(Workspace workspace, CancellationToken cancellationToken)
    {
        var attempt = workspace.Attempt;
        workspace.Folders.Require();
        PrivateClone.RemoveLocks(workspace.Clone);
        var source = new CheckpointSource(workspace, runtimes.GetValueOrDefault(attempt.Runtime)?.Transcripts, () => null);
        await using var keeper = new CheckpointKeeper(source, server, Say, maxBundleBytes, time, logger);
        if (await keeper.KeepAsync(CheckpointTrigger.Salvaged, cancellationToken) && await keeper.DeleteAsync(branch: null, cancellationToken))
        {
            LogSalvaged(attempt.ExecutionId, attempt.TaskId, attempt.Attempt);
        }

        Task Say(string words, CancellationToken stop)
        {
            LogSaid(attempt.ExecutionId, words);
            return Task.CompletedTask;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What execution {ExecutionId} (task {TaskId}, attempt {Attempt}) had left when its worker was killed is at the server now.")]
    private partial void LogSalvaged(Guid executionId, Guid taskId, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Of what execution {ExecutionId} left: {Words}")]
    private partial void LogSaid(Guid executionId, string words);

    [LoggerMessage(Level = LogLevel.Error, Message = "What an attempt left in {Folder} could not be brought home, and stays there. It is tried again when the worker starts.")]
    private partial void LogFailed(Exception exception, string folder);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} is no attempt's folder, and is left alone.")]
    private partial void LogForeign(string folder);
}
