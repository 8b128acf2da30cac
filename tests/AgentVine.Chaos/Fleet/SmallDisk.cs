using System.Diagnostics;

namespace AgentVine.Chaos.Fleet;

/// <summary>A small file system in memory that can be filled to the brim; made as root only.</summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 256;
    private readonly string _ballast;

    private SmallDisk(string folder)
    {
        Folder = Path.Join(folder, "server");
        Mounted = folder;
        _ballast = Path.Join(folder, "ballast");
    }

    /// <summary>The folder on it.</summary>
    public string Folder { get; }

    private string Mounted { get; }

    /// <summary>Null where none can be made.</summary>
    public static SmallDisk? Make()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var folder = Directory.CreateTempSubdirectory("vine-chaos-disk-").FullName;
        return Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m", "vine-chaos", folder) ? new SmallDisk(folder) : null;
    }

    /// <summary>Leaves no room but this many bytes.</summary>
    public void Fill(long room)
    {
        using var file = new FileStream(_ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in new[] { 1 << 20, 1 << 12 })
        {
            var block = new byte[size];
            try
            {
                while (true)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full, for blocks of this size.
                continue;
            }
        }

        file.SetLength(Math.Max(0, file.Length - room));
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(_ballast);

    public void Dispose()
    {
        // A suite that is stopped by a signal comes here twice.
        if (Directory.Exists(Mounted))
        {
            Run("umount", "--lazy", Mounted);
            Directory.Delete(Mounted);
        }
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
