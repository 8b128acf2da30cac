using System.Threading.Channels;
using AgentVine.Contracts.Executions;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Numbers an attempt's output and hands it to the outbox in batches, in order. Bounded on disk: while the server is away longer than that
/// lasts, lines are dropped and a mark in the output says how many; so are an agent's lines beyond what is kept of an attempt. Numbers stay gapless.
/// </summary>
internal sealed partial class OutputWriter : IAsyncDisposable
{
    /// <summary>What one attempt may have on disk while the server is away.</summary>
    public const long MostBytes = 256L * 1024 * 1024;

    /// <summary>What is kept of one attempt's output unless the worker is told otherwise.</summary>
    public const long MostKept = 128L * 1024 * 1024;

    private const int Capacity = 20_000;
    private const int LinesPerBatch = 1000;
    private const int CharactersPerBatch = 2_000_000;

    // JSON takes up to six bytes for a character: one line alone stays below the 32 MiB that the server takes.
    private const int LongestText = 256 * 1024;
    private const int LongestRaw = (4 * 1024 * 1024) + 1024;

    private readonly Channel<Item> _items = Channel.CreateBounded<Item>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly CancellationTokenSource _abandoned = new();
    private readonly AttemptOutbox _outbox;
    private readonly Guid _executionId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _mostBytes;
    private readonly long _mostKept;
    private readonly Task _writing;
    private long _last;
    private long _dropped;
    private long _kept;
    private long _cut;

    public OutputWriter(AttemptOutbox outbox, Guid executionId, TimeProvider time, ILogger logger, long mostBytes = MostBytes, long mostKept = MostKept)
    {
        (_outbox, _executionId, _time, _logger, _mostBytes, _mostKept) = (outbox, executionId, time, logger, mostBytes, mostKept);
        _writing = Task.Run(WriteAllAsync);
    }

    public Task NoteAsync(string text, CancellationToken cancellationToken) => AddAsync(OutputKind.Note, text, null, cancellationToken);

    public async Task AddAsync(OutputKind kind, string? text, string? raw, CancellationToken cancellationToken)
    {
        var line = new OutputLine { N = 0, At = _time.GetUtcNow(), Kind = kind, Text = Cut(text, LongestText), Raw = Cut(raw, LongestRaw) };
        await _items.Writer.WriteAsync(new Item(line, null), cancellationToken);
    }

    /// <summary>Tells something else of the attempt, after the lines that were added before. Not to be cancelled: what has happened is told.</summary>
    public async Task<OutboxReceipt> TellAsync(OutboxKind kind, object body)
    {
        var telling = new Telling(kind, body);
        await _items.Writer.WriteAsync(new Item(null, telling), CancellationToken.None);
        return telling.Receipt;
    }

    /// <summary>Takes no more lines; returns when every line is in the outbox, or <paramref name="cancellationToken"/> gives the rest up.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        _items.Writer.TryComplete();
        await _writing.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _items.Writer.TryComplete();
        await _abandoned.CancelAsync();
        await _writing;
        _abandoned.Dispose();
    }

    private async Task WriteAllAsync()
    {
        var batch = new List<OutputLine>();
        try
        {
            while (await _items.Reader.WaitToReadAsync(_abandoned.Token))
            {
                var telling = Fill(batch);
                await StoreAsync(batch);
                batch.Clear();
                if (telling is not null)
                {
                    telling.Tell(_outbox);
                    await telling.Receipt.Stored.WaitAsync(_abandoned.Token);
                }
            }

            await StoreMarkAsync();
            await StoreCutAsync();
        }
        catch (Exception fault)
        {
            // The worker ends, or its disk does: what comes after it is dropped, so that the agent is not stuck behind a full channel.
            LogAbandoned(_logger, fault, _executionId, batch.Count + _items.Reader.Count);
            await foreach (var item in _items.Reader.ReadAllAsync())
            {
                item.Telling?.Drop();
            }
        }
    }

    private async Task StoreAsync(List<OutputLine> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        // Once full, a good part must be free again: marks between every few lines would say little.
        var room = _dropped > 0 ? _mostBytes / 4 * 3 : _mostBytes;
        if (_outbox.OutputBytes >= room)
        {
            _dropped += lines.Count;
            return;
        }

        await StoreMarkAsync();
        await SendAsync([.. lines]);
    }

    private async Task StoreMarkAsync()
    {
        if (_dropped > 0)
        {
            var text = $"[{_dropped} lines dropped: the server was away, and the worker keeps {_mostBytes / 1024 / 1024} MiB of an attempt's output for it]";
            _dropped = 0;
            await SendAsync([new OutputLine { N = 0, At = _time.GetUtcNow(), Kind = OutputKind.Note, Text = text }]);
        }
    }

    private async Task SendAsync(IEnumerable<OutputLine> lines)
    {
        var request = new AppendOutputRequest { Lines = [.. lines.Select(line => line with { N = ++_last })] };
        await _outbox.Add(OutboxKind.Output, request).Stored.WaitAsync(_abandoned.Token);
    }

    // Lines up to something else that is told, if that comes before the batch is full.
    private Telling? Fill(List<OutputLine> batch)
    {
        var size = 0;
        while (batch.Count < LinesPerBatch && _items.Reader.TryPeek(out var item))
        {
            size += (item.Line?.Text?.Length ?? 0) + (item.Line?.Raw?.Length ?? 0);
            if (batch.Count > 0 && size > CharactersPerBatch)
            {
                return null;
            }

            _items.Reader.TryRead(out _);
            if (item.Line is null)
            {
                return item.Telling;
            }

            if (IsKept(item.Line))
            {
                batch.Add(item.Line);
            }
        }

        return null;
    }

    // What the worker itself says of the attempt is short, and always kept.
    private bool IsKept(OutputLine line)
    {
        if (line.Kind == OutputKind.Note)
        {
            return true;
        }

        _kept += (line.Text?.Length ?? 0) + (line.Raw?.Length ?? 0);
        if (_kept <= _mostKept)
        {
            return true;
        }

        if (_cut++ == 0)
        {
            LogCut(_logger, _executionId, _mostKept / 1024 / 1024);
        }

        return false;
    }

    private async Task StoreCutAsync()
    {
        if (_cut > 0)
        {
            var text = $"[output cut: {_cut} lines of the agent came after the {_mostKept / 1024 / 1024} MiB that are kept of an attempt; max_output_mib of the worker's file sets that]";
            await SendAsync([new OutputLine { N = 0, At = _time.GetUtcNow(), Kind = OutputKind.Note, Text = text }]);
        }
    }

    private static string? Cut(string? text, int longest) =>
        text is null || text.Length <= longest ? text : $"{text.AsSpan(0, longest)}… [cut: {text.Length} characters]";

    private readonly record struct Item(OutputLine? Line, Telling? Telling);

    private sealed class Telling(OutboxKind kind, object body)
    {
        private readonly TaskCompletionSource<OutboxReceipt> _added = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public OutboxReceipt Receipt => new(StoredAsync(), OutcomeAsync());

        public void Tell(AttemptOutbox outbox) => _added.SetResult(outbox.Add(kind, body));

        public void Drop() => _added.TrySetCanceled();

        private async Task StoredAsync() => await (await _added.Task).Stored;

        private async Task<OutboxOutcome> OutcomeAsync() => await (await _added.Task).Outcome;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Execution {ExecutionId} has said more than the {Mebibytes} MiB that are kept; what its agent says from here on is not.")]
    private static partial void LogCut(ILogger logger, Guid executionId, long mebibytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} lines of output of execution {ExecutionId} did not reach the outbox before the worker's end; what comes after them is not kept either.")]
    private static partial void LogAbandoned(ILogger logger, Exception fault, Guid executionId, int lines);
}
