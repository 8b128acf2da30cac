using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>The migrations make the same schema on both engines, whatever a sibling says.</summary>
public sealed class SchemaTests(SqliteDatabase sqlite, PostgresDatabase postgres) : IClassFixture<SqliteDatabase>, IClassFixture<PostgresDatabase>
{
    private const string SqliteColumns = """
        select m.name as table_name, c.name as column_name, lower(c.type) as type, c."notnull" as required, c.pk > 0 as is_key
        from sqlite_master m, pragma_table_info(m.name) c
        where m.type = 'table' and m.name not like 'sqlite_%'
        order by m.name, c.name
        """;

    private const string PostgresColumns = """
        select c.table_name, c.column_name, c.data_type as type, c.is_nullable = 'NO' as required,
               exists (select 1 from information_schema.table_constraints k
                       join information_schema.key_column_usage u using (constraint_schema, constraint_name, table_name)
                       where k.table_schema = c.table_schema and k.table_name = c.table_name and k.constraint_type = 'PRIMARY KEY'
                       and u.column_name = c.column_name) as is_key
        from information_schema.columns c
        where c.table_schema = current_schema()
        order by c.table_name collate "C", c.column_name collate "C"
        """;

    private const string SqliteIndexes = "select name from sqlite_master where type = 'index' and sql is not null order by name";

    private const string PostgresIndexes = """
        select i.relname from pg_index x
        join pg_class i on i.oid = x.indexrelid
        join pg_namespace n on n.oid = i.relnamespace
        where n.nspname = current_schema() and not exists (select 1 from pg_constraint c where c.conindid = x.indexrelid)
        order by i.relname collate "C"
        """;

    private const string SqliteReferences = """
        select m.name || '.' || f."from" || ' -> ' || f."table" || '.' || f."to"
        from sqlite_master m, pragma_foreign_key_list(m.name) f where m.type = 'table'
        """;

    private const string PostgresReferences = """
        select c.conrelid::regclass || '.' || a.attname || ' -> ' || c.confrelid::regclass || '.' || b.attname
        from pg_constraint c
        cross join lateral unnest(c.conkey, c.confkey) k (child, parent)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.child
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.parent
        where c.contype = 'f' and c.connamespace = current_schema()::regnamespace
        """;

    [Fact]
    public async Task Columns_AreTheSame_OnBothEngines()
    {
        var onPostgres = Described(await QueryAsync<Column>(postgres, PostgresColumns));

        Assert.Equal(onPostgres, Described(await QueryAsync<Column>(sqlite, SqliteColumns)));
        Assert.Contains("events.sequence: whole number, required, key", onPostgres);
    }

    [Fact]
    public async Task Indexes_AreTheSame_OnBothEngines() =>
        Assert.Equal(await QueryAsync<string>(postgres, PostgresIndexes), await QueryAsync<string>(sqlite, SqliteIndexes));

    [Fact]
    public async Task References_AreTheSame_OnBothEngines() =>
        Assert.Equal(
            (await QueryAsync<string>(postgres, PostgresReferences)).Order(StringComparer.Ordinal),
            (await QueryAsync<string>(sqlite, SqliteReferences)).Order(StringComparer.Ordinal));

    private static List<string> Described(IEnumerable<Column> columns) =>
    [
        .. columns.Select(column => $"{column.TableName}.{column.ColumnName}: {Kind(column.Type)}"
            + (column.Required || column.IsKey ? ", required" : "") + (column.IsKey ? ", key" : "")),
    ];

    // SQLite's integers are one type; a row id must be called "integer" there.
    private static string Kind(string type) => type switch
    {
        "integer" or "bigint" => "whole number",
        "blob" or "bytea" => "bytes",
        "real" or "double precision" => "number",
        _ => type,
    };

    private static Task<IReadOnlyList<T>> QueryAsync<T>(TestDatabase database, string sql) =>
        database.Store.ReadAsync(Organizations.Default, session => session.QueryAsync<T>(sql), TestContext.Current.CancellationToken);

    private sealed record Column(string TableName, string ColumnName, string Type, bool Required, bool IsKey);
}
