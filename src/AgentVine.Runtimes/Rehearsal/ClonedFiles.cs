namespace AgentVine.Runtimes.Rehearsal;

/// <summary>Writes files of a clone whose contents are not to be trusted: a link in the way is never followed.</summary>
internal static class ClonedFiles
{
    /// <summary>Writes <paramref name="path"/>, relative to <paramref name="clone"/>. No process of the agent may run meanwhile.</summary>
    /// <exception cref="IOException">A link or a file stands where a folder should be, or the disk refuses.</exception>
    public static async Task WriteAsync(string clone, string path, string content, CancellationToken cancellationToken)
    {
        var parts = path.Split('/');
        var folder = clone;
        foreach (var part in parts[..^1])
        {
            folder = Path.Combine(folder, part);
            if (new FileInfo(folder).LinkTarget is not null)
            {
                var link = Path.GetRelativePath(clone, folder);
                throw new IOException($"'{path}' leads through the link '{link}'; files are written inside the clone only.");
            }

            Directory.CreateDirectory(folder);
        }

        // What stands there is removed, not opened: it may be a link, a pipe, or another name of a file elsewhere.
        var file = Path.Combine(folder, parts[^1]);
        File.Delete(file);
        await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        await using var writer = new StreamWriter(stream);
        await writer.WriteAsync(content.AsMemory(), cancellationToken);
    }
}
