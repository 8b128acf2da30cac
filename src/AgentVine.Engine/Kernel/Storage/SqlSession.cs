using System.Data.Common;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>Runs statements for one organization on one connection: what the sessions of both engines have in common.</summary>
/// <param name="organizationId">The tenant; becomes <c>@OrganizationId</c> of every statement.</param>
/// <param name="command">Makes a command for a text; it is disposed after use.</param>
/// <param name="cancellationToken">Ends statements under way, where the engine can.</param>
public class SqlSession(Guid organizationId, Func<string, DbCommand> command, CancellationToken cancellationToken) : IReadSession
{
    private bool _closed;

    /// <inheritdoc/>
    public Guid OrganizationId { get; } = organizationId;

    /// <summary>The first statement's failure, after which no further one runs; a delegate may have swallowed it.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        RunAsync(sql, parameters, static async (command, cancellationToken) =>
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await RowMapping.ReadAllAsync<T>(reader, cancellationToken);
        });

    /// <inheritdoc/>
    public Task<T?> FirstOrDefaultAsync<T>(string sql, object? parameters = null) =>
        RunAsync(sql, parameters, static async (command, cancellationToken) =>
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await RowMapping.ReadFirstAsync<T>(reader, cancellationToken);
        });

    /// <summary>Ends the session: a delegate that kept it gets an exception, not another unit's transaction.</summary>
    public void Close() => _closed = true;

    /// <summary>Runs one statement with its parameters bound.</summary>
    protected async Task<T> RunAsync<T>(string sql, object? parameters, Func<DbCommand, CancellationToken, Task<T>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (_closed)
        {
            throw new InvalidOperationException("The session has ended. Use it only inside the delegate it was handed to, and await every call.");
        }

        if (Failure is not null)
        {
            throw new InvalidOperationException("An earlier statement of this session failed; let its exception end the unit.", Failure);
        }

        try
        {
            await using var statement = command(sql);
            SqlParameters.Bind(statement.Parameters, statement.CreateParameter, OrganizationId, parameters);
            return await run(statement, cancellationToken);
        }
        catch (Exception exception)
        {
            Failure = exception;
            throw;
        }
    }
}
