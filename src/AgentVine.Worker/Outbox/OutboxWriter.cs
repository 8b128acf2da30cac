using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Outbox;

/// <summary>The one writer of the outbox: a thread that commits all waiting changes at once, and goes on trying while the disk does not take them.</summary>
internal sealed partial class OutboxWriter : IDisposable
{
    private const int MostAtOnce = 512;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly Channel<Waiting> _line = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly OutboxFile _file;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private bool _fails;

    public OutboxWriter(OutboxFile file, TimeProvider time, ILogger logger)
    {
        (_file, _time, _logger) = (file, time, logger);
        _thread = new Thread(Loop) { Name = "vine-outbox-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Completes when the change is on disk. Changes are stored in the order of these calls.</summary>
    public Task StoreAsync(OutboxChange change)
    {
        var waiting = new Waiting(change);
        return _line.Writer.TryWrite(waiting) ? waiting.Stored.Task : Task.FromException(new ObjectDisposedException(nameof(OutboxWriter)));
    }

    /// <summary>Stores what waits, where the disk takes it, and ends.</summary>
    public void Dispose()
    {
        _line.Writer.TryComplete();
        _stopping.Cancel();
        _thread.Join();
        _stopping.Dispose();
    }

    private void Loop()
    {
        var group = new List<Waiting>(MostAtOnce);
        while (_line.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < MostAtOnce && _line.Reader.TryRead(out var waiting))
            {
                group.Add(waiting);
            }

            Store(group);
            group.Clear();
        }
    }

    private void Store(List<Waiting> group)
    {
        List<OutboxChange> changes = [.. group.Select(waiting => waiting.Change)];
        while (true)
        {
            try
            {
                _file.Store(changes);
                Succeeded();
                group.ForEach(waiting => waiting.Stored.TrySetResult());
                return;
            }
            catch (Exception fault)
            {
                Failed(fault);
                if (_stopping.IsCancellationRequested)
                {
                    group.ForEach(waiting => waiting.Stored.TrySetException(new IOException($"The outbox could not be written before the worker's end: {fault.Message}", fault)));
                    return;
                }

                Recover(fault);
            }
        }
    }

    private void Recover(Exception fault)
    {
        try
        {
            if (fault is SqliteException torn && OutboxFile.IsTorn(torn))
            {
                _file.StartAnew(torn);
                return;
            }
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            LogFails(exception);
        }

        Wait();
    }

    // The writer is a thread of its own, and the clock may be a test's.
    private void Wait()
    {
        try
        {
            Task.Delay(Pause, _time, _stopping.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private void Failed(Exception fault)
    {
        if (!_fails)
        {
            _fails = true;
            LogFails(fault);
        }
    }

    private void Succeeded()
    {
        if (_fails)
        {
            _fails = false;
            LogWorks();
        }
    }

    private sealed record Waiting(OutboxChange Change)
    {
        public TaskCompletionSource Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "THE WORKER'S OUTBOX CANNOT BE WRITTEN; what runs waits for it, and it is tried again every second. Free space on its disk, or restore the right to write it.")]
    private partial void LogFails(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker's outbox can be written again.")]
    private partial void LogWorks();
}
