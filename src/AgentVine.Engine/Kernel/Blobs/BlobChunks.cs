using System.Security.Cryptography;

namespace AgentVine.Engine.Kernel.Blobs;

/// <summary>
/// Long contents as chunks of one length: of a text that only grows, each version shares all chunks but the last with the version before.
/// </summary>
public sealed class BlobChunks(IBlobStore blobs)
{
    /// <summary>The length of every chunk but the last.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>Keeps the next <paramref name="length"/> bytes of <paramref name="source"/>.</summary>
    /// <returns>The keys of the chunks in order, and the SHA-256 of the whole; null when the source ended before.</returns>
    public async Task<(IReadOnlyList<string> Chunks, string Sha256)?> PutAsync(
        Guid organizationId, Stream source, long length, CancellationToken cancellationToken)
    {
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunks = new List<string>();
        for (var left = length; left > 0; left -= ChunkBytes)
        {
            var chunk = new byte[Math.Min(left, ChunkBytes)];
            if (await source.ReadAtLeastAsync(chunk, chunk.Length, throwOnEndOfStream: false, cancellationToken) < chunk.Length)
            {
                return null;
            }

            whole.AppendData(chunk);
            var hash = Convert.ToHexStringLower(SHA256.HashData(chunk));
            await blobs.PutAsync(organizationId, hash, chunk, cancellationToken);
            chunks.Add(hash);
        }

        return (chunks, Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    /// <summary>Writes the contents of <paramref name="chunks"/> to <paramref name="destination"/>, each checked first.</summary>
    /// <exception cref="InvalidDataException">A chunk is missing or is not what it was.</exception>
    public async Task CopyAsync(Guid organizationId, IReadOnlyList<string> chunks, Stream destination, CancellationToken cancellationToken)
    {
        foreach (var hash in chunks)
        {
            var chunk = await blobs.FindAsync(organizationId, hash, cancellationToken) ?? throw new InvalidDataException($"The blob {hash} is missing.");
            if (Convert.ToHexStringLower(SHA256.HashData(chunk)) != hash)
            {
                throw new InvalidDataException($"The blob {hash} is not what was stored under that name.");
            }

            await destination.WriteAsync(chunk, cancellationToken);
        }
    }
}
