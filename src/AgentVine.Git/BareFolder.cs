using System.Text;
using AgentVine.Git.Names;

namespace AgentVine.Git;

/// <summary>Lays out bare repositories by hand, after <c>gitrepository-layout</c>: no process, no template, no hook.</summary>
internal static class BareFolder
{
    /// <summary>Collects nothing, ever: clones and open attempts build on objects that no ref may name any more.</summary>
    private const string Configuration =
        "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
        + "[gc]\n\tauto = 0\n\tpruneExpire = never\n\treflogExpire = never\n\treflogExpireUnreachable = never\n"
        + "[maintenance]\n\tauto = false\n";

    public static bool Exists(string folder) => File.Exists(Path.Join(folder, "HEAD"));

    /// <summary>Makes <paramref name="folder"/> appear as a whole, or not at all, and stay after a crash.</summary>
    public static void CreateIfMissing(string folder)
    {
        if (Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(folder)!;
        Directory.CreateDirectory(parent);
        var draft = Path.Join(parent, $".{Path.GetFileName(folder)}.{Guid.NewGuid():N}");
        Create(draft, alternates: null);
        try
        {
            Directory.Move(draft, folder);
        }
        catch (IOException) when (Exists(folder))
        {
            Directory.Delete(draft, recursive: true);
        }

        DiskFlush.Folder(parent);
    }

    /// <summary>A repository that reads the objects of another one, in <paramref name="alternates"/>, next to its own.</summary>
    public static void Create(string folder, string? alternates)
    {
        foreach (var part in (string[])["objects/info", "objects/pack", "refs/heads"])
        {
            Directory.CreateDirectory(Path.Join(folder, part));
        }

        Write(folder, "config", Configuration);
        Write(folder, "HEAD", "ref: refs/heads/main\n");
        if (alternates is not null)
        {
            WriteAlternates(folder, alternates);
        }

        DiskFlush.Folder(folder);
    }

    public static void WriteAlternates(string folder, string objects)
    {
        Directory.CreateDirectory(Path.Join(folder, "objects", "info"));
        Write(folder, "objects/info/alternates", objects + "\n");
    }

    /// <summary>Sets a ref of a repository that nobody else knows yet.</summary>
    public static void WriteRef(string folder, string name, string commit)
    {
        var path = Path.Join(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, CommitId.Require(commit, nameof(commit)) + "\n");
    }

    private static void Write(string folder, string name, string text)
    {
        using var file = new FileStream(Path.Join(folder, name), FileMode.Create, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush(flushToDisk: true);
    }
}
