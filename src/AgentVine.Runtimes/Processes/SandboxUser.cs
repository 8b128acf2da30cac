using System.Globalization;

namespace AgentVine.Runtimes.Processes;

/// <summary>Whom the processes of one attempt run as, shared by all that run at a time.</summary>
internal sealed class SandboxUser : IDisposable
{
    private readonly FileStream? _claim;
    private readonly DirectoryInfo? _ownFolder;

    private SandboxUser(uint id, uint groupId, string folder, string home)
    {
        Id = id;
        PasswdFile = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{id}.passwd"));
        GroupFile = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{id}.group"));
        File.WriteAllText(PasswdFile, string.Create(CultureInfo.InvariantCulture, $"vine:x:{id}:{groupId}:vine:{home}:/bin/sh\n"));
        File.WriteAllText(GroupFile, string.Create(CultureInfo.InvariantCulture, $"vine:x:{groupId}:\n"));
    }

    /// <summary>An id of its own, to which folders are handed over; <paramref name="claim"/> locks it on this host.</summary>
    public SandboxUser(uint id, FileStream claim, string home) : this(id, id, Path.GetDirectoryName(claim.Name)!, home) =>
        _claim = claim;

    /// <summary>This program's own user.</summary>
    public SandboxUser(DirectoryInfo folder, string home) : this(Libc.EffectiveUserId(), Libc.EffectiveGroupId(), folder.FullName, home) =>
        _ownFolder = folder;

    public uint Id { get; }

    public bool IsOwn => _claim is not null;

    public string PasswdFile { get; }

    public string GroupFile { get; }

    /// <summary>What was handed over to it.</summary>
    public HashSet<string> Folders { get; } = new(StringComparer.Ordinal);

    public OneAtATime Changes { get; } = new();

    public int Processes { get; set; }

    public void Dispose()
    {
        _ownFolder?.Delete(recursive: true);
        _claim?.Dispose();
    }
}
