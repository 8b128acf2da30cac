using AgentVine.Engine.Kernel.Blobs;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

public sealed class SqliteBlobsTests(SqliteDatabase database) : BlobStoreConformance, IClassFixture<SqliteDatabase>
{
    protected override IBlobStore Blobs => new DatabaseBlobs(database.Store);

    protected override Task<Guid> AddOrganizationAsync() => database.AddOrganizationAsync();
}
