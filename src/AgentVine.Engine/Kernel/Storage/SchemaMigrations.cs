using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace AgentVine.Engine.Kernel.Storage;

/// <summary>Brings a database's schema up to date, one transaction for each script. The caller keeps other processes out meanwhile.</summary>
public sealed partial class SchemaMigrations(DbConnection connection, string database, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Applies what is missing of <paramref name="scripts"/>, which stand in order of their numbers.</summary>
    /// <exception cref="StoreRefusedException">The database is newer than this program, or a script that was applied has changed since.</exception>
    public async Task ApplyAsync(IReadOnlyList<MigrationScript> scripts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(scripts);
        await ExecuteAsync(MigrationSql.CreateTable, null, null, cancellationToken);
        var applied = (await AppliedAsync(cancellationToken)).ToDictionary(script => script.Number);
        RefuseUnknown(applied.Values, scripts);
        foreach (var script in scripts)
        {
            if (!applied.TryGetValue(script.Number, out var done))
            {
                await ApplyAsync(script, cancellationToken);
            }
            else if (done.Hash != Hash(script))
            {
                throw new StoreRefusedException(
                    $"The migration {script.Name} of {database} is not the one that was applied: its text has changed since. "
                    + "Applied migrations are never edited: restore the file and add a new number.");
            }
        }
    }

    private void RefuseUnknown(IEnumerable<AppliedScript> applied, IReadOnlyList<MigrationScript> scripts)
    {
        var known = scripts.Select(script => script.Number).ToHashSet();
        if (applied.LastOrDefault(script => !known.Contains(script.Number)) is { } unknown)
        {
            throw new StoreRefusedException(
                $"{database} was made by a newer vine; this one knows its schema up to {scripts[^1].Name}, and it stands at {unknown.Name}. "
                + "Run the vine that made it, or a later one.");
        }
    }

    private async Task ApplyAsync(MigrationScript script, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(script.Sql, null, transaction, cancellationToken);
        }
        catch (DbException exception)
        {
            throw new StoreRefusedException($"The migration {script.Name} of {database} failed and was undone: {exception.Message}", exception);
        }

        var record = new { script.Number, script.Name, Hash = Hash(script), AppliedAt = timeProvider.GetUtcNow() };
        await ExecuteAsync(MigrationSql.Record, record, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        LogApplied(script.Name, database);
    }

    private async Task<IReadOnlyList<AppliedScript>> AppliedAsync(CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = MigrationSql.Applied;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await RowMapping.ReadAllAsync<AppliedScript>(reader, cancellationToken);
    }

    private async Task ExecuteAsync(string sql, object? parameters, DbTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        if (parameters is not null)
        {
            SqlParameters.Bind(command.Parameters, command.CreateParameter, Guid.Empty, parameters);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // A checkout may have turned the line ends.
    private static string Hash(MigrationScript script) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.Sql.ReplaceLineEndings("\n"))));

    [LoggerMessage(Level = LogLevel.Information, Message = "Migration {Migration} applied to {Database}")]
    private partial void LogApplied(string migration, string database);

    private sealed record AppliedScript(int Number, string Name, string Hash);
}
