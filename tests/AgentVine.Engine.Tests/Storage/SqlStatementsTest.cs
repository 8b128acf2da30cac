using System.Data.Common;
using System.Reflection;
using System.Text.RegularExpressions;
using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using Microsoft.Data.Sqlite;
using Npgsql;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>
/// Every statement of the engine is understood by both databases: the constants of the static classes whose names end in <c>Sql</c>.
/// Private constants are fragments, and are tested in what is made of them.
/// </summary>
public sealed partial class SqlStatementsTest(SqliteDatabase sqlite, PostgresDatabase postgres)
    : IClassFixture<SqliteDatabase>, IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Statements_ArePrepared_OnSqlite()
    {
        await using var connection = new SqliteConnection($"Data Source={sqlite.Path};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await AssertAllAsync(async statement =>
        {
            await using var command = new SqliteCommand(statement, connection);
            await command.PrepareAsync(TestContext.Current.CancellationToken);
        });
    }

    [Fact]
    public async Task Statements_ArePrepared_OnPostgres()
    {
        await using var connection = new NpgsqlConnection(postgres.Settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);

        await AssertAllAsync(async statement =>
        {
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var command = new NpgsqlCommand(ToPrepare(statement), connection, transaction);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        });
    }

    private static async Task AssertAllAsync(Func<string, Task> prepare)
    {
        var statements = Statements().ToList();
        var faults = new List<string>();
        foreach (var (name, text) in statements)
        {
            try
            {
                await prepare(text);
            }
            catch (DbException exception)
            {
                faults.Add($"{name}: {exception.Message}{Advice(exception)}\n{text}");
            }
        }

        Assert.True(faults.Count == 0, $"{faults.Count} of {statements.Count} statements are not understood:\n\n{string.Join("\n\n", faults)}");
        Assert.NotEmpty(statements);
    }

    private static IEnumerable<(string Name, string Text)> Statements() =>
        from type in typeof(IStore).Assembly.GetTypes()
        where type is { IsAbstract: true, IsSealed: true } && type.Name.EndsWith("Sql", StringComparison.Ordinal)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        where field is { IsLiteral: true, IsPrivate: false } && field.FieldType == typeof(string)
        select ($"{type.Name}.{field.Name}", (string)field.GetRawConstantValue()!);

    // Only queries and changes of rows can be prepared; a definition is run, and undone with its transaction.
    private static string ToPrepare(string statement)
    {
        if (statement.StartsWith("create ", StringComparison.OrdinalIgnoreCase))
        {
            return statement;
        }

        var numbers = new Dictionary<string, int>();
        var numbered = Parameter().Replace(statement, match =>
        {
            numbers.TryAdd(match.Value, numbers.Count + 1);
            return $"${numbers[match.Value]}";
        });
        return $"prepare statement as {numbered}; deallocate statement";
    }

    private static string Advice(DbException exception) =>
        exception.SqlState == PostgresErrorCodes.IndeterminateDatatype ? " Say it: cast(@Name as text)." : "";

    [GeneratedRegex("@[A-Za-z_][A-Za-z0-9_]*")]
    private static partial Regex Parameter();
}
