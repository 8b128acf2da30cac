namespace AgentVine.Git.Bundles;

/// <summary>
/// A bundle file of one ref, whose header was read by this program and not by git. That says nothing yet about the objects in it:
/// <c>Mirror.VerifyAsync</c>, <c>PrivateClone.CreateAsync</c> and <c>BareRepository.StoreAsync</c> check these before anything uses them.
/// </summary>
public sealed class Bundle
{
    internal Bundle(string path, BundleHeader header, long packLength)
    {
        Path = path;
        Header = header;
        PackLength = packLength;
    }

    /// <summary>The file: in a folder that nobody but this program writes to.</summary>
    public string Path { get; }

    /// <summary>The ref that it brings, as in <c>refs/heads/vine/…</c>.</summary>
    public string Reference => Header.Reference;

    /// <summary>The commit that the ref names.</summary>
    public string Commit => Header.Commit;

    /// <summary>The commits that it builds on and does not bring.</summary>
    public IReadOnlyList<string> Prerequisites => Header.Prerequisites;

    internal BundleHeader Header { get; }

    internal long PackLength { get; }

    /// <summary>
    /// Copies a bundle from <paramref name="source"/>, typically the output of <c>GitCommands.CreateBundle</c> in a sandbox or a request's
    /// body, to <paramref name="path"/> and reads its header. Takes <paramref name="maxBytes"/> at most. Leaves no file if it is refused.
    /// </summary>
    /// <exception cref="BundleException">It is too large, no bundle, or does not bring exactly <paramref name="reference"/>.</exception>
    public static async Task<Bundle> ReceiveAsync(
        Stream source,
        string path,
        string reference,
        long maxBytes,
        CancellationToken cancellationToken)
    {
        try
        {
            await using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
            {
                await CopyAsync(source, file, maxBytes, cancellationToken);
            }

            return await OpenAsync(path, reference, maxBytes, cancellationToken);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    /// <summary>
    /// Reads the header of the bundle at <paramref name="path"/>, which must not be a place where an agent can write: bundles of
    /// agents come through <see cref="ReceiveAsync"/>.
    /// </summary>
    /// <exception cref="BundleException">It is too large, no bundle, or does not bring exactly <paramref name="reference"/>.</exception>
    public static async Task<Bundle> OpenAsync(string path, string reference, long maxBytes, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        var header = await BundleHeader.ReadAsync(file, cancellationToken);
        if (header.Reference != reference)
        {
            throw new BundleException(
                BundleFault.WrongReference,
                $"The bundle brings the ref '{GitText.Quote(header.Reference)}'; it has to bring '{reference}' and nothing else.");
        }

        return new Bundle(System.IO.Path.GetFullPath(path), header, file.Length - header.Length);
    }

    private static async Task CopyAsync(Stream source, FileStream file, long maxBytes, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        var total = 0L;
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            total += read;
            if (total > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    private static BundleException TooLarge(long maxBytes) => new(
        BundleFault.TooLarge,
        $"The bundle is larger than the {maxBytes} bytes allowed: keep build output and other large files out of the work with .gitignore.");
}
