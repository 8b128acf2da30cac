using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Storage.Sqlite;

/// <summary>The one writer: a thread that commits all waiting units at once, each in its own savepoint.</summary>
internal sealed partial class SqliteWriter
{
    private readonly SqliteFile _file;
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly Action<Guid, long> _eventsCommitted;
    private readonly Channel<PendingUnit> _line;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;
    private SqliteFileConnection? _connection;
    private bool _inUnit;

    public SqliteWriter(
        SqliteFile file, SqliteStoreOptions options, TimeProvider timeProvider, ILogger logger, Action<Guid, long> eventsCommitted)
    {
        _file = file;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _eventsCommitted = eventsCommitted;
        _line = Channel.CreateBounded<PendingUnit>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
        _thread = new Thread(Loop) { Name = "vine-sqlite-writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>True for code that a unit runs: it would wait for itself.</summary>
    public bool IsInsideUnit => _inUnit && Thread.CurrentThread == _thread;

    public async Task<T> WriteAsync<T>(PendingWork<T> unit, CancellationToken cancellationToken)
    {
        try
        {
            await _line.Writer.WriteAsync(unit, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteStore));
        }

        await using var registration = cancellationToken.Register(() => unit.Cancel(cancellationToken));
        return await unit.Completion;
    }

    /// <summary>Commits what waits, takes nothing more, and ends.</summary>
    public Task StopAsync()
    {
        _line.Writer.TryComplete();
        return _ended.Task;
    }

    private void Loop()
    {
        var group = new List<PendingUnit>(_options.MaxGroup);
        while (_line.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (group.Count < _options.MaxGroup && _line.Reader.TryRead(out var unit))
            {
                if (unit.TryBegin())
                {
                    group.Add(unit);
                }
            }

            Commit(group);
            group.Clear();
        }

        _connection?.Dispose();
        _ended.SetResult();
    }

    private void Commit(List<PendingUnit> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        if (TryCommit(group) is not { } fault)
        {
            Settle(group);
        }
        else if (group.Count == 1)
        {
            LogLost(fault, 1);
            group[0].Fail(SqliteFaults.Tell(fault, _file.Path));
        }
        else
        {
            // One unit's fault took the transaction from all: each gets its own, so that those that can be stored are.
            LogLost(fault, group.Count);
            group.ForEach(unit => Commit([unit]));
        }
    }

    /// <summary>Null when the group is durable; else why its transaction was lost, and nothing of it is stored.</summary>
    private Exception? TryCommit(List<PendingUnit> group)
    {
        try
        {
            var connection = _connection ??= _file.OpenWriter();
            connection.Run("begin immediate");
            foreach (var unit in group)
            {
                if (!TryRun(unit, connection))
                {
                    return unit.Error ?? new InvalidOperationException("A unit ended the writer's transaction. Units must not commit or roll back.");
                }
            }

            connection.Run(group.Exists(unit => unit.Error is null) ? "commit" : "rollback");
            return null;
        }
        catch (Exception exception)
        {
            // Whatever the writer's own statements meet, the next group must find a writer.
            return exception;
        }
        finally
        {
            EndTransaction();
        }
    }

    private void EndTransaction()
    {
        try
        {
            if (_connection is { InTransaction: true } connection)
            {
                connection.Run("rollback");
            }
        }
        catch (SqliteException)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    /// <summary>Runs a unit in its savepoint; false when the whole transaction is gone with it.</summary>
    private bool TryRun(PendingUnit pending, SqliteFileConnection connection)
    {
        connection.Run("savepoint unit");
        _inUnit = true;
        pending.Run(new SqliteUnit(pending.OrganizationId, connection, _timeProvider));
        _inUnit = false;

        // Disk full and I/O errors can roll back everything: a later savepoint would silently open a transaction of its own.
        if (!connection.InTransaction)
        {
            return false;
        }

        if (pending.Error is not null)
        {
            connection.Run("rollback to unit");
        }

        connection.Run("release unit");
        return true;
    }

    private void Settle(List<PendingUnit> group)
    {
        var stored = group.Where(pending => pending.Error is null).ToList();
        stored.ForEach(pending => pending.RunEffects(_logger));
        foreach (var organization in stored.Where(pending => pending.Unit!.LastSequence is not null).GroupBy(pending => pending.OrganizationId))
        {
            _eventsCommitted(organization.Key, organization.Max(pending => pending.Unit!.LastSequence!.Value));
        }

        foreach (var pending in group)
        {
            if (pending.Error is null)
            {
                pending.Acknowledge();
            }
            else
            {
                pending.Fail(SqliteFaults.Tell(pending.Error, _file.Path));
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "SQLite rolled back a group of {Units} units; nothing of it was acknowledged")]
    private partial void LogLost(Exception fault, int units);
}
