namespace AgentVine.Engine.Kernel.Blobs;

internal static class BlobsSql
{
    public const string Insert = """
        insert into blobs (organization_id, hash, content) values (@OrganizationId, @Hash, @Content)
        on conflict (organization_id, hash) do nothing
        """;

    public const string Find = "select content from blobs where organization_id = @OrganizationId and hash = @Hash";
}
