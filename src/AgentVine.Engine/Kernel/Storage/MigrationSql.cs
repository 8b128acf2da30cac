namespace AgentVine.Engine.Kernel.Storage;

/// <summary>The record of what was done to the schema.</summary>
internal static class MigrationSql
{
    public const string CreateTable = """
        create table if not exists schema_migrations (
            number integer not null primary key,
            name text not null,
            hash text not null,
            applied_at bigint not null
        )
        """;

    public const string Applied = "select number, name, hash from schema_migrations order by number";

    public const string Record =
        "insert into schema_migrations (number, name, hash, applied_at) values (@Number, @Name, @Hash, @AppliedAt)";
}
