using System.Threading.Channels;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Numbers an attempt's output and sends it in batches, in order. Bounded: when the server is away long enough to fill it, the agent
/// is slowed down and nothing is lost. Lines keep their number when a batch is sent again, so none is stored twice.
/// </summary>
internal sealed partial class OutputWriter : IAsyncDisposable
{
    private const int Capacity = 20_000;
    private const int LinesPerBatch = 1000;
    private const int CharactersPerBatch = 2_000_000;

    // JSON takes up to six bytes for a character: one line alone stays below the 32 MiB that the server takes.
    private const int LongestText = 256 * 1024;
    private const int LongestRaw = (4 * 1024 * 1024) + 1024;


    private readonly Channel<OutputLine> _lines = Channel.CreateBounded<OutputLine>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly SemaphoreSlim _numbering = new(1);
    private readonly CancellationTokenSource _abandoned = new();
    private readonly ServerLink _server;
    private readonly Guid _executionId;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _sending;
    private long _last;

    public OutputWriter(ServerLink server, Guid executionId, TimeProvider time, ILogger logger)
    {
        (_server, _executionId, _time, _logger) = (server, executionId, time, logger);
        _sending = SendAllAsync();
    }

    public Task NoteAsync(string text, CancellationToken cancellationToken) => AddAsync(OutputKind.Note, text, null, cancellationToken);

    public async Task AddAsync(OutputKind kind, string? text, string? raw, CancellationToken cancellationToken)
    {
        await _numbering.WaitAsync(cancellationToken);
        try
        {
            var line = new OutputLine { N = _last + 1, At = _time.GetUtcNow(), Kind = kind, Text = Cut(text, LongestText), Raw = Cut(raw, LongestRaw) };
            await _lines.Writer.WriteAsync(line, cancellationToken);
            _last++;
        }
        finally
        {
            _numbering.Release();
        }
    }

    /// <summary>Returns when every line is stored at the server, or <paramref name="cancellationToken"/> gives the rest up.</summary>
    public async Task FinishAsync(CancellationToken cancellationToken)
    {
        _lines.Writer.TryComplete();
        await _sending.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _abandoned.CancelAsync();
        await _sending;
        _abandoned.Dispose();
        _numbering.Dispose();
    }

    private async Task SendAllAsync()
    {
        var batch = new List<OutputLine>();
        try
        {
            while (await _lines.Reader.WaitToReadAsync(_abandoned.Token))
            {
                Fill(batch);
                var request = new AppendOutputRequest { Lines = [.. batch] };
                await _server.CallAsync((client, token) => client.AppendOutputAsync(_executionId, request, token), _abandoned.Token);
                FaultPoints.Reach("worker.output_stored");
                batch.Clear();
            }
        }
        catch (OperationCanceledException) when (_abandoned.IsCancellationRequested)
        {
            LogAbandoned(_logger, _executionId, batch.Count + _lines.Reader.Count);
        }
        catch (Exception fault)
        {
            // Final: the rest is read and dropped, so that the agent is not stuck behind a full channel.
            LogRefused(_logger, fault, _executionId);
            await foreach (var _ in _lines.Reader.ReadAllAsync())
            {
            }
        }
    }

    private void Fill(List<OutputLine> batch)
    {
        var size = 0;
        while (batch.Count < LinesPerBatch && _lines.Reader.TryPeek(out var line))
        {
            size += (line.Text?.Length ?? 0) + (line.Raw?.Length ?? 0);
            if (batch.Count > 0 && size > CharactersPerBatch)
            {
                return;
            }

            batch.Add(line);
            _lines.Reader.TryRead(out _);
        }
    }

    private static string? Cut(string? text, int longest) =>
        text is null || text.Length <= longest ? text : $"{text.AsSpan(0, longest)}… [cut: {text.Length} characters]";

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Lines} lines of output of execution {ExecutionId} did not reach the server before the worker's end.")]
    private static partial void LogAbandoned(ILogger logger, Guid executionId, int lines);

    [LoggerMessage(Level = LogLevel.Error, Message = "Output of execution {ExecutionId} cannot be stored at the server; what comes after it is not kept either.")]
    private static partial void LogRefused(ILogger logger, Exception exception, Guid executionId);
}
