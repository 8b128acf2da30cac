namespace AgentVine.Engine.Kernel.Blobs;

/// <summary>Keeps byte strings by their content: the key is the SHA-256 in lower-case hexadecimal. Nothing is ever changed under a key.</summary>
public interface IBlobStore
{
    /// <summary>Keeps <paramref name="content"/>. It is durable when the task completes; keeping the same again does nothing.</summary>
    /// <param name="organizationId">The tenant; equal contents of two tenants are two blobs.</param>
    /// <param name="hash">The content's key.</param>
    /// <param name="content">At most <see cref="BlobChunks.ChunkBytes"/>.</param>
    /// <param name="cancellationToken">Gives up; nothing half written can be found then.</param>
    /// <exception cref="StoreUnavailableException">It cannot be kept now, as with a full disk.</exception>
    Task PutAsync(Guid organizationId, string hash, byte[] content, CancellationToken cancellationToken);

    /// <summary>The content under <paramref name="hash"/>; null where there is none. The caller checks it against the key.</summary>
    Task<byte[]?> FindAsync(Guid organizationId, string hash, CancellationToken cancellationToken);
}
