namespace AgentVine.Engine.Kernel.Blobs;

/// <summary>Blobs as rows: what every node of a fleet over PostgreSQL can read.</summary>
public sealed class DatabaseBlobs(IStore store) : IBlobStore
{
    /// <inheritdoc/>
    public Task PutAsync(Guid organizationId, string hash, byte[] content, CancellationToken cancellationToken) =>
        store.WriteAsync(organizationId, unit => unit.ExecuteAsync(BlobsSql.Insert, new { Hash = hash, Content = content }), cancellationToken);

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(Guid organizationId, string hash, CancellationToken cancellationToken) =>
        (await store.ReadAsync(
            organizationId, session => session.FirstOrDefaultAsync<BlobRow>(BlobsSql.Find, new { Hash = hash }), cancellationToken))?.Content;

    private sealed class BlobRow
    {
        public byte[] Content { get; init; } = [];
    }
}
