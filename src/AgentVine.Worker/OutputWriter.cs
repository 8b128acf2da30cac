using System.Threading.Channels;
using AgentVine.Contracts.Executions;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Numbers an attempt's output and hands it to the outbox in batches, in order. Bounded on disk: while the server is away longer than that
/// lasts, lines are dropped and a mark in the output says how many. Numbers stay gapless.
/// </summary>
internal sealed partial class OutputWriter : IAsyncDisposable
{
    /// <summary>What one attempt may have on disk while the server is away.</summary>
    public const long MostBytes = 256L * 1024 * 1024;

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
    private readonly Task _writing;
    private long _last;
    private long _dropped;

    public OutputWriter(AttemptOutbox outbox, Guid executionId, TimeProvider time, ILogger logger, long mostBytes = MostBytes)
    {
        (_outbox, _executionId, _time, _logger, _mostBytes) = (outbox, executionId, time, logger, mostBytes);
        _writing = Task.Run(WriteAllAsync);
    }

    public Task NoteAsync(string text, CancellationToken cancellationToken) => AddAsync(OutputKind.Note, text, null, cancellationToken);

    public async Task AddAsync(OutputKind kind, string? text, string? raw, CancellationToken cancellationToken)
    {
        var line = new OutputLine { N = 0, At = _time.GetUtcNow(), Kind = kind, Text = Cut(text, LongestText), Raw = Cut(raw, LongestRaw) };
        await _items.Writer.WriteAsync(new Item(line, null), cancellationToken);
    }

    /// <summary>Tells something else of the attempt, after the lines that were added before. Returns when it is on disk.</summary>
    public async Task<OutboxReceipt> TellAsync(OutboxKind kind, object body, CancellationToken cancellationToken)
    {
        await FlushAsync(cancellationToken);
        return await _outbox.AddAsync(kind, body, cancellationToken);
    }

    /// <summary>Returns when every line that was added is in the outbox, or was dropped.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _items.Writer.WriteAsync(new Item(null, flushed), cancellationToken);
        await flushed.Task.WaitAsync(cancellationToken);
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
        var flushed = new List<TaskCompletionSource>();
        try
        {
            while (await _items.Reader.WaitToReadAsync(_abandoned.Token))
            {
                Fill(batch, flushed);
                await StoreAsync(batch);
                flushed.ForEach(waiting => waiting.TrySetResult());
                batch.Clear();
                flushed.Clear();
            }

            await StoreMarkAsync();
        }
        catch (Exception fault)
        {
            // The worker ends, or its disk does: what comes after it is dropped, so that the agent is not stuck behind a full channel.
            LogAbandoned(_logger, fault, _executionId, batch.Count + _items.Reader.Count);
            flushed.ForEach(waiting => waiting.TrySetResult());
            await DropAsync();
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
        await _outbox.AddAsync(OutboxKind.Output, request, _abandoned.Token);
    }

    private async Task DropAsync()
    {
        await foreach (var item in _items.Reader.ReadAllAsync())
        {
            item.Flushed?.TrySetResult();
        }
    }

    private void Fill(List<OutputLine> batch, List<TaskCompletionSource> flushed)
    {
        var size = 0;
        while (batch.Count < LinesPerBatch && _items.Reader.TryPeek(out var item))
        {
            size += (item.Line?.Text?.Length ?? 0) + (item.Line?.Raw?.Length ?? 0);
            if (batch.Count > 0 && size > CharactersPerBatch)
            {
                return;
            }

            if (item.Line is not null)
            {
                batch.Add(item.Line);
            }

            if (item.Flushed is not null)
            {
                flushed.Add(item.Flushed);
            }

            _items.Reader.TryRead(out _);
        }
    }

    private static string? Cut(string? text, int longest) =>
        text is null || text.Length <= longest ? text : $"{text.AsSpan(0, longest)}… [cut: {text.Length} characters]";

    private readonly record struct Item(OutputLine? Line, TaskCompletionSource? Flushed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} lines of output of execution {ExecutionId} did not reach the outbox before the worker's end; what comes after them is not kept either.")]
    private static partial void LogAbandoned(ILogger logger, Exception fault, Guid executionId, int lines);
}
