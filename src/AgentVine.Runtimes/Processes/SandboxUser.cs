using System.Globalization;

namespace AgentVine.Runtimes.Processes;

/// <summary>Whom the processes of one attempt run as, shared by all that run at a time.</summary>
internal sealed class SandboxUser : IDisposable
{
    private readonly FileStream? _claim;
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("vine-sandbox-");

    /// <summary><paramref name="claim"/> locks the id on this host; null for this program's own user.</summary>
    public SandboxUser(uint id, uint groupId, string home, FileStream? claim)
    {
        Id = id;
        _claim = claim;
        PasswdFile = Path.Combine(_files.FullName, "passwd");
        GroupFile = Path.Combine(_files.FullName, "group");
        File.WriteAllText(PasswdFile, string.Create(CultureInfo.InvariantCulture, $"vine:x:{id}:{groupId}:vine:{home}:/bin/sh\n"));
        File.WriteAllText(GroupFile, string.Create(CultureInfo.InvariantCulture, $"vine:x:{groupId}:\n"));
    }

    public uint Id { get; }

    /// <summary>Whether it is a user id of its own, to which folders are handed over.</summary>
    public bool IsOwn => _claim is not null;

    public string PasswdFile { get; }

    public string GroupFile { get; }

    /// <summary>What was handed over to it.</summary>
    public HashSet<string> Folders { get; } = new(StringComparer.Ordinal);

    public OneAtATime Changes { get; } = new();

    public int Processes { get; set; }

    public void Dispose()
    {
        _files.Delete(recursive: true);
        _claim?.Dispose();
    }
}
