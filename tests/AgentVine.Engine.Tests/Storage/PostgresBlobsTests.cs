using AgentVine.Engine.Kernel.Blobs;
using AgentVine.Testing.Conformance;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

public sealed class PostgresBlobsTests(PostgresDatabase database) : BlobStoreConformance, IClassFixture<PostgresDatabase>
{
    protected override IBlobStore Blobs => new DatabaseBlobs(database.Store);

    protected override Task<Guid> AddOrganizationAsync() => database.AddOrganizationAsync();
}
