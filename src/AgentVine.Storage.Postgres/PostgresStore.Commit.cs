using System.Data;
using AgentVine.Engine.Kernel;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AgentVine.Storage.Postgres;

/// <summary>Commits, and what to do when the answer to one does not come.</summary>
public sealed partial class PostgresStore
{
    private const string LastSequence = "select last_sequence from event_counters where organization_id = @OrganizationId";

    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    private async Task<long?> CommitAsync(PostgresUnit unit, PostgresTransaction transaction, NpgsqlConnection connection)
    {
        try
        {
            return await unit.CommitAsync();
        }
        catch (PostgresException exception) when (!PostgresFaults.IsFault(exception) && connection.State == ConnectionState.Open)
        {
            // The server refused, and said so: nothing is stored.
            await RollBackAsync(connection);
            throw;
        }
        catch (Exception exception) when (PostgresFaults.IsFault(exception))
        {
            LogUnanswered(exception, transaction.Id);
            await connection.CloseAsync();
            if (!await WasCommittedAsync(transaction, exception))
            {
                throw;
            }

            return unit.HasEvents ? await LastSequenceAsync(unit.OrganizationId) : null;
        }
    }

    private async Task<long?> LastSequenceAsync(Guid organizationId)
    {
        try
        {
            return await ReadAsync(organizationId, session => session.FirstOrDefaultAsync<long?>(LastSequence), CancellationToken.None);
        }
        catch (StoreUnavailableException exception)
        {
            // The unit is stored all the same; who follows the log looks again by himself.
            LogUntold(exception);
            return null;
        }
    }

    /// <summary>Asks the server, on other connections, what became of <paramref name="transaction"/>.</summary>
    private async Task<bool> WasCommittedAsync(PostgresTransaction transaction, Exception cause)
    {
        var start = _timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync();
                if (await transaction.AskAsync(connection) is { } committed)
                {
                    LogOutcome(transaction.Id, committed);
                    return committed;
                }
            }
            catch (Exception exception) when (PostgresFaults.IsFault(exception))
            {
                LogUnanswered(exception, transaction.Id);
            }

            if (_timeProvider.GetElapsedTime(start) > AskFor)
            {
                throw new StoreUnavailableException(
                    $"{_database} was lost at a commit and has not answered for {AskFor.TotalSeconds:0} s whether it took place. "
                    + "The change may be stored: look before you repeat it, or repeat it under the same key.",
                    cause)
                {
                    OutcomeUnknown = true,
                };
            }

            await Task.Delay(AskEvery, _timeProvider);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The commit of transaction {Transaction} has no answer; asking for its outcome")]
    private partial void LogUnanswered(Exception exception, string transaction);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A unit is stored, and its events could not be announced")]
    private partial void LogUntold(Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The transaction {Transaction} was committed: {Committed}")]
    private partial void LogOutcome(string transaction, bool committed);
}
