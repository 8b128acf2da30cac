using AgentVine.Git;

namespace AgentVine.Engine.Kernel.Blobs;

/// <summary>Blobs as files of a folder: <c>&lt;organization&gt;/&lt;first two digits&gt;/&lt;hash&gt;</c>, each renamed into place once it is on disk.</summary>
public sealed class FolderBlobs(string folder) : IBlobStore
{
    /// <inheritdoc/>
    public async Task PutAsync(Guid organizationId, string hash, byte[] content, CancellationToken cancellationToken)
    {
        var path = PathOf(organizationId, hash);
        if (File.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path)!;
        var draft = $"{path}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(parent);
            await using (var file = new FileStream(draft, FileMode.CreateNew, FileAccess.Write))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
            DiskFlush.Folders(parent, folder);
        }
        catch (IOException failure)
        {
            throw new StoreUnavailableException($"A blob cannot be written to {folder}: {failure.Message}", failure);
        }
        finally
        {
            if (File.Exists(draft))
            {
                File.Delete(draft);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]?> FindAsync(Guid organizationId, string hash, CancellationToken cancellationToken)
    {
        var path = PathOf(organizationId, hash);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
    }

    private string PathOf(Guid organizationId, string hash) =>
        hash.Length == 64 && hash.All(char.IsAsciiHexDigitLower)
            ? Path.Join(folder, organizationId.ToString("D"), hash[..2], hash)
            : throw new ArgumentException($"'{hash}' is no SHA-256 in lower-case hexadecimal.", nameof(hash));
}
