using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace AgentVine.Storage.Sqlite;

/// <summary>
/// The embedded store: one file, one process, one writer. A unit's delegate runs on the writer's thread and must complete without
/// awaiting anything but its own statements.
/// </summary>
public sealed class SqliteStore : IStore
{
    private readonly SqliteFile _file;
    private readonly SqliteReaders _readers;
    private readonly SqliteWriter _writer;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Opens the file, or makes it.</summary>
    /// <exception cref="StoreRefusedException">It is not a database, cannot be written, or another process has it.</exception>
    public SqliteStore(SqliteStoreOptions options, TimeProvider timeProvider, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _timeProvider = timeProvider;
        _logger = logger;
        _file = new SqliteFile(options.Path);
        _readers = new SqliteReaders(_file, options.Readers);
        _writer = new SqliteWriter(
            _file, options, timeProvider, logger, (organizationId, last) => CommitNews.Tell(EventsCommitted, organizationId, last, logger));
    }

    /// <inheritdoc/>
    public event Action<Guid, long>? EventsCommitted;

    /// <inheritdoc/>
    public ISqlDialect Dialect => SqliteDialect.Instance;

    /// <inheritdoc/>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = _file.OpenWriter();
        var migrations = new SchemaMigrations(connection, $"The database '{_file.Path}'", _timeProvider, _logger);
        try
        {
            await migrations.ApplyAsync(MigrationScript.For(Dialect), cancellationToken);
        }
        catch (SqliteException exception)
        {
            throw SqliteFaults.Tell(exception, _file.Path);
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        RefuseInsideUnit();
        return _writer.WriteAsync(new PendingWork<T>(organizationId, work), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        RefuseInsideUnit();
        try
        {
            return await _readers.ReadAsync(
                async connection =>
                {
                    var session = new SqlSession(organizationId, connection.Prepared, cancellationToken);
                    try
                    {
                        return await read(session);
                    }
                    finally
                    {
                        session.Close();
                    }
                },
                cancellationToken);
        }
        catch (Exception exception) when (SqliteFaults.Tell(exception, _file.Path) is StoreUnavailableException told && told != exception)
        {
            throw told;
        }
    }

    /// <summary>Commits the units that wait, then closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.StopAsync();
        _readers.Dispose();
        _file.Dispose();
    }

    private void RefuseInsideUnit()
    {
        if (_writer.IsInsideUnit)
        {
            throw new InvalidOperationException("A unit of work called the store again. Use the unit it was given for all its statements.");
        }
    }
}
