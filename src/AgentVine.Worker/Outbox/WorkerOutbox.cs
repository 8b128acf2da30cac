using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Outbox;

/// <summary>
/// Everything that a worker has to tell of its attempts, on disk before it is sent: in order per execution, until the server has answered.
/// What a killed worker had not told is told by its next run, before that registers.
/// </summary>
internal sealed partial class WorkerOutbox : IDisposable
{
    private readonly ServerLink _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly OutboxFile _file;
    private readonly OutboxWriter _writer;
    private readonly Lock _gate = new();
    private volatile IReadOnlyList<AttemptOutbox> _attempts = [];

    public WorkerOutbox(string path, ServerLink server, TimeProvider time, ILogger logger)
    {
        (_server, _time, _logger) = (server, time, logger);
        _file = new OutboxFile(path, time, logger);
        _writer = new OutboxWriter(_file, time, logger);
    }

    /// <summary>What the server did not take, oldest first; the newest thousand of the last seven days.</summary>
    public IReadOnlyList<RefusedEntry> Refused => _file.Refused();

    /// <summary>Executions of which the server has not heard everything.</summary>
    public IReadOnlyList<Guid> Untold => _file.Executions();

    /// <summary>Whether the server has heard everything of the attempts since the last <see cref="DrainAsync"/>.</summary>
    public bool IsTold => _attempts.All(attempt => attempt.IsTold);

    /// <summary>The way of one attempt's news; sends until it is disposed.</summary>
    public AttemptOutbox For(Guid executionId)
    {
        var attempt = new AttemptOutbox(executionId, _file, _writer, _server, _time, _logger, resent: false);
        lock (_gate)
        {
            _attempts = [.. _attempts.Where(other => !other.IsTold), attempt];
        }

        attempt.Start();
        return attempt;
    }

    /// <summary>
    /// Sends what attempts that no longer run had to tell, one attempt after the other; returns when the server has answered to all of it.
    /// No attempt may be running. An entry at which the server itself fails again and again stays for the next time.
    /// </summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        _attempts = [];
        try
        {
            foreach (var executionId in _file.Executions())
            {
                await using var attempt = new AttemptOutbox(executionId, _file, _writer, _server, _time, _logger, resent: true);
                var sent = await attempt.SendWhatIsThereAsync(cancellationToken);
                LogTold(sent, executionId);
            }
        }
        catch (SqliteException fault)
        {
            // What cannot be read must not keep the worker from its work; the next change of the file finds out whether it is torn.
            LogNotRead(fault);
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "THE WORKER'S OUTBOX CANNOT BE READ; what is in it is not told. Look after its disk.")]
    private partial void LogNotRead(Exception fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Entries} entries of execution {ExecutionId} were left in the outbox, and the server has heard them now.")]
    private partial void LogTold(int entries, Guid executionId);
}
