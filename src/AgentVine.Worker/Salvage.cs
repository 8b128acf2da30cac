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
    // Of git in one folder: what a clone of an agent holds may keep it waiting for ever, and the worker's work waits for this.
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private readonly List<string> _late = [];

    /// <summary>
    /// To be run before the worker registers, when no attempt runs. The server is waited for; of git, a folder at which it hangs is left
    /// to <see cref="RunLateAsync"/>, and one at which an earlier start hung at once.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _late.Clear();
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (var left in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).ToList())
        {
            await RunAsync(left, Short, cancellationToken);
        }
    }

    /// <summary>To be run beside the worker's work; throws nothing.</summary>
    public async Task RunLateAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var left in _late)
            {
                await RunAsync(left, Long, cancellationToken);
            }
        }
        catch (Exception) when (cancellationToken.IsCancellationRequested)
        {
            LogLater(_late.Count);
        }
    }

    private async Task RunAsync(string left, TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(left, longest, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailed(failure, left);
        }
    }

    private async Task LookAsync(string left, TimeSpan longest, CancellationToken cancellationToken)
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
        if (!Directory.Exists(Path.Join(folders.Clone, ".git")) && (!File.Exists(folders.Attempt) || Directory.Exists(folders.CloneDraft)))
        {
            // The clone was not made yet: none worked here.
            folders.Delete();
            return;
        }

        var attempt = AttemptFile.Read(folders.Attempt) ?? throw new IOException($"'{folders.Attempt}' cannot be read.");
        if (attempt.Tried && longest == Short)
        {
            LogTried(left);
            _late.Add(left);
            return;
        }

        await SendAsync(new Workspace(folders, attempt, mirrors.For(RepositoryUrl.Parse(attempt.RepositoryUrl)), "", launcher), longest, cancellationToken);
        if (longest == Short && AttemptFile.Read(folders.Attempt) is { Tried: true })
        {
            LogTried(left);
            _late.Add(left);
        }
    }

    private async Task SendAsync(Workspace workspace, TimeSpan longest, CancellationToken cancellationToken)
    {
        var attempt = workspace.Attempt;
        workspace.Folders.Require();
        PrivateClone.RemoveLocks(workspace.Clone);
        var source = new CheckpointSource(workspace, runtimes.GetValueOrDefault(attempt.Runtime)?.Transcripts, () => null);
        await using var keeper = new CheckpointKeeper(source, server, Say, maxBundleBytes, time, logger, longest);
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Git did not get through what an attempt left in {Folder}; it is tried again beside the worker's work.")]
    private partial void LogTried(string folder);

    [LoggerMessage(Level = LogLevel.Information, Message = "What was left in {Folders} folders is looked through when the worker starts again.")]
    private partial void LogLater(int folders);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Folder} is no attempt's folder, and is left alone.")]
    private partial void LogForeign(string folder);
}
