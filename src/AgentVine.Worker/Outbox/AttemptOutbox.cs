using System.Text.Json;
using AgentVine.Client;
using AgentVine.Contracts;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Outbox;

/// <summary>One attempt's part of the outbox. Members are safe to call from any thread.</summary>
internal sealed partial class AttemptOutbox : IAsyncDisposable
{
    private const int MostServerFaults = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestSettling = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<long, TaskCompletionSource<OutboxOutcome>> _waiting = [];

    // All but output: should the file be torn under the worker, an attempt's end and its requests are still told.
    private readonly SortedDictionary<long, OutboxEntry> _kept = [];
    private readonly SemaphoreSlim _more = new(0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Guid _executionId;
    private readonly OutboxFile _file;
    private readonly OutboxWriter _writer;
    private readonly ServerLink _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly bool _resent;
    private Task _sending = Task.CompletedTask;
    private Task _settled = Task.CompletedTask;
    private long _outputBytes;
    private long _last;
    private bool _wasRefused;

    public AttemptOutbox(
        Guid executionId, OutboxFile file, OutboxWriter writer, ServerLink server, TimeProvider time, ILogger logger, bool resent)
    {
        (_executionId, _file, _writer, _server, _time, _logger, _resent) = (executionId, file, writer, server, time, logger, resent);
    }

    /// <summary>Bytes of output that are on disk and that the server has not taken.</summary>
    public long OutputBytes => Interlocked.Read(ref _outputBytes);

    /// <summary>Whether the server has answered to everything.</summary>
    public bool IsTold
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count == 0;
            }
        }
    }

    /// <summary>Sends what is added from now on.</summary>
    public void Start() => _sending = Task.Run(SendUntilEndedAsync);

    /// <summary>Adds an entry; it is sent once it is on disk, after those that were added before.</summary>
    public OutboxReceipt Add(OutboxKind kind, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), VineJson.Options);
        var outcome = new TaskCompletionSource<OutboxOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var entry = new OutboxEntry(_executionId, ++_last, kind, bytes, _time.GetUtcNow());
            _waiting.Add(entry.N, outcome);
            return new OutboxReceipt(StoreAsync(entry), outcome.Task);
        }
    }

    /// <summary>Sends what is on disk; returns how many entries that were.</summary>
    public async Task<int> SendWhatIsThereAsync(CancellationToken cancellationToken)
    {
        var sent = 0;
        try
        {
            for (long after = 0; Next(after) is { } entry; after = entry.N)
            {
                await SendAsync(entry, cancellationToken);
                sent++;
            }
        }
        catch (OutboxStuckException stuck)
        {
            LogStuck(stuck.InnerException!, _executionId);
        }

        return sent;
    }

    /// <summary>Sends no more: what is left stays on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _sending;
        await SettleAsync();
        lock (_gate)
        {
            foreach (var waiting in _waiting.Values)
            {
                waiting.TrySetCanceled();
            }
        }

        _ended.Dispose();
    }

    private async Task StoreAsync(OutboxEntry entry)
    {
        CountOutput(entry, entry.Body.Length);
        await _writer.StoreAsync(new OutboxChange.Add(entry));
        if (entry.Kind != OutboxKind.Output)
        {
            lock (_gate)
            {
                _kept.Add(entry.N, entry);
            }
        }

        _more.Release();
    }

    private OutboxEntry? Next(long after)
    {
        var stored = _file.Next(_executionId, after);
        lock (_gate)
        {
            var kept = _kept.Values.FirstOrDefault(entry => entry.N > after);
            return kept is not null && (stored is null || kept.N < stored.N) ? kept : stored;
        }
    }

    private void CountOutput(OutboxEntry entry, long bytes)
    {
        if (entry.Kind == OutboxKind.Output)
        {
            Interlocked.Add(ref _outputBytes, bytes);
        }
    }

    private async Task SendUntilEndedAsync()
    {
        var after = 0L;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await _more.WaitAsync(_ended.Token);
                while (Next(after) is { } entry)
                {
                    await SendAsync(entry, _ended.Token);
                    after = entry.N;
                }
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                LogNotSent(fault, _executionId);
                _more.Release();
                await PauseAsync();
            }
        }
    }

    private async Task SendAsync(OutboxEntry entry, CancellationToken cancellationToken)
    {
        FaultPoints.Reach(entry.Kind == OutboxKind.Complete ? "worker.end_stored" : "worker.news_stored");
        var sentAt = _time.GetTimestamp();
        OutboxOutcome outcome;
        try
        {
            var faults = 0;
            var answer = await _server.CallAsync(
                async (client, token) =>
                {
                    try
                    {
                        sentAt = _time.GetTimestamp();
                        return await OutboxCalls.SendAsync(client, entry, _resent, token);
                    }
                    catch (VineApiException fault) when (_resent && fault.Status == 500 && ++faults == MostServerFaults)
                    {
                        throw new OutboxStuckException(fault);
                    }
                },
                cancellationToken);
            outcome = new OutboxOutcome(null, answer, sentAt);
        }
        catch (VineApiException refusal)
        {
            outcome = new OutboxOutcome(refusal.Problem, null, sentAt);
        }
        catch (JsonException unreadable)
        {
            outcome = new OutboxOutcome(new Problem { Status = 400, Code = ErrorCodes.ValidationFailed, Detail = unreadable.Message }, null, sentAt);
        }

        FaultPoints.Reach(entry.Kind == OutboxKind.Complete ? "worker.end_answered" : "worker.news_answered");
        Settle(entry, outcome);
    }

    // The next entry need not wait for this one's removal: sent once more, it has no second effect.
    private void Settle(OutboxEntry entry, OutboxOutcome outcome)
    {
        if (outcome.Refusal is { } problem)
        {
            _settled = _writer.StoreAsync(new OutboxChange.Refuse(entry, problem));
            TellRefusal(entry, problem);
        }
        else
        {
            _settled = _writer.StoreAsync(new OutboxChange.Remove(entry.ExecutionId, entry.N));
        }

        CountOutput(entry, -entry.Body.Length);
        TaskCompletionSource<OutboxOutcome>? waiting;
        lock (_gate)
        {
            _kept.Remove(entry.N);
            _waiting.Remove(entry.N, out waiting);
        }

        waiting?.TrySetResult(outcome);
    }

    // What stays by this, or by a disk that takes nothing, is sent once more.
    private async Task SettleAsync()
    {
        try
        {
            await _settled.WaitAsync(LongestSettling, _time);
        }
        catch (Exception fault) when (fault is IOException or TimeoutException or ObjectDisposedException)
        {
            LogNotSettled(fault, _executionId);
        }
    }

    private void TellRefusal(OutboxEntry entry, Problem problem)
    {
        if (!_wasRefused)
        {
            _wasRefused = true;
            LogRefused(entry.Kind, entry.N, _executionId, problem.Code, problem.Detail);
        }
        else
        {
            LogRefusedToo(entry.Kind, entry.N, _executionId, problem.Code);
        }
    }

    private async Task PauseAsync()
    {
        try
        {
            await Task.Delay(Pause, _time, _ended.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private sealed class OutboxStuckException(Exception innerException) : Exception(innerException.Message, innerException);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server refused what was told of execution {ExecutionId} ({Kind}, entry {N}): {Code}, {Detail} It is kept in the outbox as refused.")]
    private partial void LogRefused(OutboxKind kind, long n, Guid executionId, string? code, string? detail);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The server refused {Kind}, entry {N}, of execution {ExecutionId} too: {Code}.")]
    private partial void LogRefusedToo(OutboxKind kind, long n, Guid executionId, string? code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What the server has heard of execution {ExecutionId} could not be removed from the outbox.")]
    private partial void LogNotSettled(Exception fault, Guid executionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox of execution {ExecutionId} met a fault; it is tried again.")]
    private partial void LogNotSent(Exception fault, Guid executionId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The server fails at an entry of execution {ExecutionId} each time; it and what follows it stay in the outbox until the worker starts again.")]
    private partial void LogStuck(Exception fault, Guid executionId);
}
