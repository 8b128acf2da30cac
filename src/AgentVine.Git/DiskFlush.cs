using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AgentVine.Git;

/// <summary>
/// Forces files and the entries of folders to disk. Git, from 2.36 on, flushes the files that it renames into place, but never the folder that
/// holds the new name.
/// </summary>
public static class DiskFlush
{
    private const int ReadOnly = 0;

    /// <summary>The entries of one folder.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void Folder(string path)
    {
        // Windows has no such call; NTFS writes names to its journal in order.
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"The folder '{path}' cannot be opened to be flushed to disk: error {Marshal.GetLastPInvokeError()}.");
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Flush(descriptor) != 0)
        {
            throw new IOException($"The folder '{path}' cannot be flushed to disk: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>The content of a file.</summary>
    public static void Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        file.Flush(flushToDisk: true);
    }

    /// <summary><paramref name="path"/> and its parents, up to and with <paramref name="top"/>.</summary>
    public static void Folders(string path, string top)
    {
        for (var folder = path; folder is not null && folder.Length >= top.Length; folder = Path.GetDirectoryName(folder))
        {
            Folder(folder);
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(string path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flush(int descriptor);
}
