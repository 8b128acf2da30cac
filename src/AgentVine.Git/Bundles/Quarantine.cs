namespace AgentVine.Git.Bundles;

/// <summary>
/// A repository of its own for what is not trusted yet, next to the objects of another one, which it reads and does not change. Gone when
/// disposed; what was kept, was kept by <see cref="MoveInto"/>.
/// </summary>
internal sealed class Quarantine : IDisposable
{
    public const string Prefix = ".quarantine-";

    public Quarantine(string parent, string alternates)
    {
        Folder = Path.Join(parent, Prefix + Guid.NewGuid().ToString("N"));
        BareFolder.Create(Folder, alternates);
    }

    public string Folder { get; }

    /// <exception cref="BundleException">It is not acceptable.</exception>
    public Task AdmitAsync(Bundle bundle, GitRunner git, CancellationToken cancellationToken) =>
        PackImport.RunAsync(git, Folder, bundle, cancellationToken);

    /// <summary>
    /// Moves what was admitted to <paramref name="objects"/> on the same volume, indexes last: without its index a pack does not count.
    /// </summary>
    public void MoveInto(string objects)
    {
        var target = Path.Join(objects, "pack");
        foreach (var file in Directory.EnumerateFiles(Path.Join(Folder, "objects", "pack"), "pack-*").OrderBy(IsIndex).ToList())
        {
            var name = Path.Join(target, Path.GetFileName(file));
            if (!File.Exists(name))
            {
                File.Move(file, name);
            }
        }

        DiskFlush.Folder(target);
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            FolderRemoval.Remove(Folder);
        }
    }

    private static bool IsIndex(string file) => file.EndsWith(".idx", StringComparison.Ordinal);
}
