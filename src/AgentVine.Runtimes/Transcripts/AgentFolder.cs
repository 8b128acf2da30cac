using System.Globalization;
using AgentVine.Runtimes.Processes;
using Microsoft.Win32.SafeHandles;

namespace AgentVine.Runtimes.Transcripts;

/// <summary>Opens files in a folder that an agent writes to, while it may be writing: no link is followed, and no pipe waited for.</summary>
internal static class AgentFolder
{
    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="TranscriptException">It is no plain file of that folder.</exception>
    public static FileStream? OpenRead(string folder, string name)
    {
        try
        {
            return OperatingSystem.IsLinux() ? OpenWithoutLinks(folder, name) : OpenChecked(folder, name);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TranscriptException($"'{name}' in the agent's home could not be read: {fault.Message}", fault);
        }
    }

    /// <summary>Writes a new file of a folder that no agent had yet.</summary>
    /// <exception cref="TranscriptException">It, or a folder on the way, is something else.</exception>
    public static FileStream Create(string folder, string name)
    {
        try
        {
            var path = Path.Join(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            RequireNoLinks(folder, name);
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new TranscriptException($"'{name}' in the agent's home could not be written: {fault.Message}", fault);
        }
    }

    // What was opened tells its own path: whatever the agent puts in the way meanwhile, another file is never read.
    private static FileStream? OpenWithoutLinks(string folder, string name)
    {
        using var root = Libc.OpenToRead(folder);
        var handle = Libc.OpenToRead(Path.Join(folder, name));
        try
        {
            if (root is null || handle is null)
            {
                return null;
            }

            var file = PathOf(handle) == Path.Join(PathOf(root), name) ? new FileStream(handle, FileAccess.Read) : throw Foreign(name);
            return file.CanSeek ? file : throw Foreign(name);
        }
        catch
        {
            handle?.Dispose();
            throw;
        }
    }

    private static string? PathOf(SafeFileHandle handle) =>
        File.ResolveLinkTarget(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{handle.DangerousGetHandle()}"), returnFinalTarget: false)?.FullName;

    private static FileStream OpenChecked(string folder, string name)
    {
        RequireNoLinks(folder, name);
        return new FileStream(Path.Join(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    }

    private static void RequireNoLinks(string folder, string name)
    {
        var path = folder;
        foreach (var part in name.Split('/'))
        {
            path = Path.Join(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw Foreign(name);
            }
        }
    }

    private static TranscriptException Foreign(string name) =>
        new($"'{name}' in the agent's home is not a plain file of that folder: links are not followed.");
}
