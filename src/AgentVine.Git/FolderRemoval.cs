namespace AgentVine.Git;

/// <summary>Deletes folders whose content others made: follows no link, and is not stopped by permissions that the owner may change.</summary>
internal static class FolderRemoval
{
    public static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException && Directory.Exists(folder))
        {
            Open(new DirectoryInfo(folder));
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Open(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        }

        foreach (var entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.LinkTarget is not null)
            {
                continue;
            }

            if (entry is DirectoryInfo inner)
            {
                Open(inner);
            }
            else if (OperatingSystem.IsWindows())
            {
                entry.Attributes = FileAttributes.Normal;
            }
        }
    }
}
