using System.Security.Cryptography;
using System.Threading.Channels;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Git.Clones;
using AgentVine.Runtimes.Transcripts;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Takes one attempt's checkpoints and stores them: the transcript first, then the files, so that these are never older. One at a time;
/// those that are only noted come together, and not one right after the other. What goes wrong is said in the output, and harms nothing.
/// </summary>
internal sealed partial class CheckpointKeeper : ICheckpoints, IAsyncDisposable
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(5);

    // The clone is the agent's: what it left there may keep git waiting for ever.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private readonly TimeSpan? _salvage;

    private readonly Channel<CheckpointTrigger> _noted =
        Channel.CreateBounded<CheckpointTrigger>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _ended = new();
    private readonly CheckpointSource _source;
    private readonly ServerLink _server;
    private readonly Func<string, CancellationToken, Task> _say;
    private readonly long _maxBundleBytes;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SnapshotTaker _taker;
    private readonly Task _keeping;
    private AttemptFile _file;
    private string? _said;
    private long _copiedAt;

    /// <param name="source">The attempt.</param>
    /// <param name="server">Where they go.</param>
    /// <param name="say">Tells people of what was not kept.</param>
    /// <param name="maxBundleBytes">A bundle larger than this is not sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The worker's log.</param>
    /// <param name="salvage">
    /// For what a killed worker left: how long git may take, while the server is waited for as long as it takes. The attempt's file has
    /// <see cref="AttemptFile.Tried"/> while git is at it.
    /// </param>
    public CheckpointKeeper(
        CheckpointSource source,
        ServerLink server,
        Func<string, CancellationToken, Task> say,
        long maxBundleBytes,
        TimeProvider time,
        ILogger logger,
        TimeSpan? salvage = null)
    {
        (_source, _server, _say, _maxBundleBytes, _time, _logger, _salvage) = (source, server, say, maxBundleBytes, time, logger, salvage);
        (_file, _taker) = (source.Workspace.Attempt, source.Workspace.NewTaker());
        _keeping = KeepNotedAsync();
    }

    public Workspace Workspace => _source.Workspace;

    /// <summary>To be told before an agent starts: a worker that is killed leaves word of whose conversation it was.</summary>
    public void Begin(Guid sessionId) => Write(_file with { SessionId = sessionId.ToString("D") });

    /// <inheritdoc/>
    public void Note(CheckpointTrigger trigger) => _noted.Writer.TryWrite(trigger);

    /// <inheritdoc/>
    public async Task<bool> KeepAsync(CheckpointTrigger trigger, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        using var limit = new CancellationTokenSource(_salvage ?? Longest, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            Try(true);
            return await StoreAsync(trigger, either.Token, _salvage is null ? either.Token : cancellationToken);
        }
        catch (Exception failure) when (cancellationToken.IsCancellationRequested && failure is not OperationCanceledException)
        {
            // Git that is killed ends in more ways than one.
            throw new OperationCanceledException("The checkpoint was given up.", failure, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotKept(failure, _file.ExecutionId);
            var why = limit.IsCancellationRequested && (_salvage is null || _file.Tried) ? $"it was not stored within {(_salvage ?? Longest).TotalMinutes:0} min." : failure.Message;
            await SayOnceAsync($"A checkpoint was not kept: {why} The agent goes on; the next one is tried as usual.", cancellationToken);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes no more of what is noted, and cuts what of that is under way; returns once it is over.</summary>
    public async Task EndAsync()
    {
        _noted.Writer.TryComplete();
        await _ended.CancelAsync();
        await _keeping;
    }

    /// <summary>
    /// Removes the attempt's files if all that is in them is at the server, as a fresh look finds; else they stay, and it is said where.
    /// Nothing of the agent may be running.
    /// </summary>
    /// <param name="branch">The tip of the branch that the server has of the attempt; null for none.</param>
    /// <param name="cancellationToken">Gives up; the files stay.</param>
    /// <returns>Whether they are gone.</returns>
    public async Task<bool> DeleteAsync(string? branch, CancellationToken cancellationToken)
    {
        var stays = "their deletion was given up";
        await _turn.WaitAsync(cancellationToken);
        try
        {
            using var limit = new CancellationTokenSource(_salvage ?? Longest, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            if (!Directory.Exists(Workspace.Folders.Root))
            {
                return true;
            }

            Try(true);
            if (await Workspace.IsKeptAsync(_file.Stored, branch, either.Token))
            {
                Workspace.Delete();
                return true;
            }

            Try(false);
            stays = "not all that is in them is at the server";
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogNotDeleted(failure, _file.ExecutionId);
            stays = failure.Message;
        }
        finally
        {
            _turn.Release();
        }

        LogStays(_file.ExecutionId, Workspace.Folders.Root, stays);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _ended.Dispose();
        _turn.Dispose();
    }

    private async Task KeepNotedAsync()
    {
        try
        {
            await foreach (var trigger in _noted.Reader.ReadAllAsync(_ended.Token))
            {
                await KeepAsync(trigger, _ended.Token);
                await Task.Delay(Apart, _time, _ended.Token);
            }
        }
        catch (OperationCanceledException) when (_ended.IsCancellationRequested)
        {
            LogEnded(_file.ExecutionId);
        }
        catch (Exception fault)
        {
            // Those that are asked for go on, and an attempt does not fail for the others.
            LogNotKept(fault, _file.ExecutionId);
        }
    }

    // On disk before git begins: should that hang, and somebody kill the worker for it, the next one knows.
    private void Try(bool isTried)
    {
        if (_salvage is not null && _file.Tried != isTried)
        {
            Write(_file with { Tried = isTried });
        }
    }

    private async Task<bool> StoreAsync(CheckpointTrigger trigger, CancellationToken cancellationToken, CancellationToken sending)
    {
        if (trigger == CheckpointTrigger.Ended)
        {
            // A git that was cut may have left locks, and nothing of the agent runs.
            PrivateClone.RemoveLocks(Workspace.Clone);
        }

        _copiedAt = _time.GetTimestamp();
        var (sessionId, bytes, hash) = await CopyTranscriptAsync(cancellationToken);
        FaultPoints.Reach("worker.checkpoint_transcript_taken");
        var snapshot = await Workspace.SnapshotAsync(_taker, Previous, cancellationToken);
        if (!snapshot.IsWhole)
        {
            await SayOnceAsync("Checkpoints lack some files of the clone: git cannot read them, or they are in a repository of their own inside it.", cancellationToken);
        }

        // A parked agent is gone: without its conversation there is nobody that an answer could bring back.
        var isComplete = hash is not null || trigger != CheckpointTrigger.Parked;
        if (_file.Stored?.Commit == snapshot.Commit && _file.StoredTranscript == hash)
        {
            return isComplete;
        }

        if (_file.Stored?.Commit != snapshot.Commit)
        {
            var bundle = await Workspace.BundleSnapshotAsync(snapshot, _file.Stored?.Commit ?? _file.Restored, _maxBundleBytes, cancellationToken);
            await AppendAsync(bundle.Path, cancellationToken);
        }

        Try(false);
        var before = _file;
        Write(_file with { LastN = _file.LastN + 1, Sent = snapshot with { IsWhole = true }, SessionId = sessionId ?? _file.SessionId });
        var stored = await SendAsync(View(trigger, snapshot, sessionId, bytes, hash), before, sending);
        FaultPoints.Reach("worker.checkpoint_answered");
        Write(_file with { Stored = _file.Sent, StoredTranscript = hash, Refusals = 0 });
        LogKept(_file.ExecutionId, stored.N, stored.Commit);
        return isComplete;
    }

    /// <summary>
    /// What the next snapshot goes on from: the server's ref only grows. Sent and not answered, the newest may be there. Where what goes on
    /// from it is refused again, it may itself be why, and not be there: then it is the one before in turn.
    /// </summary>
    private Snapshot? Previous => _file.Refusals > 0 && _file.Refusals % 2 == 0 ? _file.Stored : _file.Sent;

    // Files that are refused are not there, and nothing goes on from them; the snapshot before may be, even if nobody said so.
    private async Task<CheckpointView> SendAsync(CheckpointView checkpoint, AttemptFile before, CancellationToken cancellationToken)
    {
        try
        {
            CheckpointView? stored = null;
            return await new BaseSender(_server).StoreAsync(
                Workspace,
                _file.ExecutionId,
                async token =>
                {
                    await _server.SendFileAsync(
                        Workspace.Folders.CheckpointUpload,
                        async (client, body, stop) => stored = await client.StoreCheckpointAsync(_file.ExecutionId, _file.LeaseToken, checkpoint, _time.GetElapsedTime(_copiedAt), body, stop),
                        token);
                    return stored!;
                },
                cancellationToken);
        }
        catch (VineApiException refusal)
        {
            var ofFiles = refusal.Code is ErrorCodes.ExecutionsBundle or ErrorCodes.ExecutionsBundlePrerequisite or ErrorCodes.BodyTooLarge;
            Write(_file with { Sent = ofFiles ? before.Sent : _file.Sent, Refusals = _file.Refusals + 1 });
            throw;
        }
    }

    private CheckpointView View(CheckpointTrigger trigger, Snapshot snapshot, string? sessionId, long bytes, string? hash) => new()
    {
        ExecutionId = _file.ExecutionId,
        N = _file.LastN,
        TaskId = _file.TaskId,
        Attempt = _file.Attempt,
        SessionId = sessionId,
        TranscriptBytes = bytes,
        TranscriptSha256 = hash,
        Commit = snapshot.Commit,
        HeadCommit = snapshot.HeadCommit,
        BaseCommit = _file.BaseCommit,
        Trigger = trigger,
        CreatedAt = _time.GetUtcNow(),
    };

    private async Task<(string? SessionId, long Bytes, string? Hash)> CopyTranscriptAsync(CancellationToken cancellationToken)
    {
        await using var file = new FileStream(Workspace.Folders.CheckpointUpload, FileMode.Create, FileAccess.ReadWrite);
        if (_source.Transcripts is not { } transcripts || (_source.SessionId() ?? _file.SessionId) is not { } sessionId)
        {
            return (null, 0, null);
        }

        try
        {
            await Task.Delay(transcripts.Lag, _time, cancellationToken);
            var bytes = await transcripts.CopyAsync(new TranscriptPlace(Workspace.Home, Workspace.Clone, sessionId), file, cancellationToken);
            if (bytes > 0)
            {
                file.Position = 0;
                return (sessionId, bytes, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
            }
        }
        catch (TranscriptException refusal)
        {
            file.SetLength(0);
            await SayOnceAsync($"Checkpoints are kept without the conversation: {refusal.Message}", cancellationToken);
        }

        return (null, 0, null);
    }

    private async Task AppendAsync(string bundle, CancellationToken cancellationToken)
    {
        await using var upload = new FileStream(Workspace.Folders.CheckpointUpload, FileMode.Append, FileAccess.Write);
        await using var source = new FileStream(bundle, FileMode.Open, FileAccess.Read);
        await source.CopyToAsync(upload, cancellationToken);
    }

    private void Write(AttemptFile file)
    {
        file.Write(Workspace.Folders.Attempt);
        _file = file;
    }

    private async Task SayOnceAsync(string words, CancellationToken cancellationToken)
    {
        if (_said == words)
        {
            return;
        }

        _said = words;
        try
        {
            await _say(words, cancellationToken);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // The attempt's output is over: the log has it.
            LogNotKept(failure, _file.ExecutionId);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Checkpoint {N} of execution {ExecutionId} is stored at {Commit}.")]
    private partial void LogKept(Guid executionId, int n, string commit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A checkpoint of execution {ExecutionId} was not kept.")]
    private partial void LogNotKept(Exception exception, Guid executionId);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Execution {ExecutionId} takes no more checkpoints.")]
    private partial void LogEnded(Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of execution {ExecutionId} could not be looked through.")]
    private partial void LogNotDeleted(Exception exception, Guid executionId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The files of execution {ExecutionId} stay in {Folder}: {Reason}")]
    private partial void LogStays(Guid executionId, string folder, string reason);
}
