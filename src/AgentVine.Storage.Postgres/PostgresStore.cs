using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>The store for production: PostgreSQL 13 or later, a transaction for each unit, any number of server nodes.</summary>
public sealed partial class PostgresStore : IStore
{
    private const int MaxRuns = 10;
    private const string BeginSnapshot = "begin isolation level repeatable read read only";

    private static readonly AsyncLocal<bool> InUnit = new();

    private readonly NpgsqlConnectionStringBuilder _settings;
    private readonly NpgsqlDataSource _source;
    private readonly string _database;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;

    /// <summary>Takes the address as <c>postgres://user:password@host:port/database</c> or as Npgsql's <c>Host=…;Database=…</c>.</summary>
    /// <exception cref="StoreRefusedException">It is neither.</exception>
    public PostgresStore(string address, TimeProvider timeProvider, ILogger logger)
    {
        _settings = PostgresAddress.Parse(address);
        _source = NpgsqlDataSource.Create(_settings);
        _database = PostgresAddress.Describe(_settings);
        _timeProvider = timeProvider;
        _logger = logger;
    }

    /// <inheritdoc/>
    public event Action<Guid, long>? EventsCommitted;

    /// <inheritdoc/>
    public ISqlDialect Dialect => PostgresDialect.Instance;

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(work);
        RefuseInsideUnit();
        for (var run = 1; ; run++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await RunAsync(organizationId, work, cancellationToken);
            }
            catch (PostgresException exception) when (PostgresFaults.IsRerunnable(exception) && run < MaxRuns)
            {
                LogRerun(exception.SqlState, run);
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(1, 5 * run)), _timeProvider, cancellationToken);
            }
            catch (Exception exception) when (PostgresFaults.Tell(exception, _database) is StoreUnavailableException told && told != exception)
            {
                throw told;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Guid organizationId, Func<IReadSession, Task<T>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(read);
        RefuseInsideUnit();
        try
        {
            var (connection, _) = await BeginAsync(opened => ExecuteAsync(opened, BeginSnapshot, cancellationToken), cancellationToken);
            await using var closing = connection;
            var session = new SqlSession(organizationId, sql => new NpgsqlCommand(sql, connection), cancellationToken);
            try
            {
                return await read(session);
            }
            finally
            {
                session.Close();
                await RollBackAsync(connection);
            }
        }
        catch (Exception exception) when (PostgresFaults.IsFault(exception))
        {
            throw PostgresFaults.Tell(exception, _database);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> RunAsync<T>(Guid organizationId, Func<IUnitOfWork, Task<T>> work, CancellationToken cancellationToken)
    {
        var (connection, transaction) = await BeginAsync(PostgresTransaction.BeginAsync, cancellationToken);
        await using var closing = connection;
        var unit = new PostgresUnit(organizationId, connection, _timeProvider);
        var answer = await WorkAsync(unit, work, connection);
        var last = await CommitAsync(unit, transaction, connection);
        CommitNews.Run(unit.Effects, _logger);
        if (last is { } sequence)
        {
            CommitNews.Tell(EventsCommitted, organizationId, sequence, _logger);
        }

        return answer;
    }

    /// <summary>Begins on a pooled connection; the first may have died in the pool, where nobody looked.</summary>
    private async Task<(NpgsqlConnection Connection, T Begun)> BeginAsync<T>(
        Func<NpgsqlConnection, Task<T>> begin, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            var connection = await _source.OpenConnectionAsync(cancellationToken);
            try
            {
                return (connection, await begin(connection));
            }
            catch (Exception exception)
            {
                await connection.DisposeAsync();
                if (!isFirst || !PostgresFaults.IsFault(exception))
                {
                    throw;
                }
            }
        }
    }

    private static async Task<T> WorkAsync<T>(PostgresUnit unit, Func<IUnitOfWork, Task<T>> work, NpgsqlConnection connection)
    {
        InUnit.Value = true;
        try
        {
            var answer = await work(unit);
            return unit.Failure is null ? answer : throw unit.Failure;
        }
        catch (Exception exception)
        {
            await RollBackAsync(connection);
            if (unit.Failure is { } failure && failure != exception && (PostgresFaults.IsFault(failure) || PostgresFaults.IsRerunnable(failure)))
            {
                // The database's fault is the reason, whatever the work made of it.
                throw failure;
            }

            throw;
        }
        finally
        {
            unit.Close();
        }
    }

    private static async Task RollBackAsync(NpgsqlConnection connection)
    {
        try
        {
            await ExecuteAsync(connection, "rollback", CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // The connection is gone, and its transaction with it; why is told by the exception that brought us here.
        }
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void RefuseInsideUnit()
    {
        if (InUnit.Value)
        {
            throw new InvalidOperationException("A unit of work called the store again. Use the unit it was given for all its statements.");
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A unit lost to another's transaction ({SqlState}) and runs again after run {Run}")]
    private partial void LogRerun(string sqlState, int run);
}
