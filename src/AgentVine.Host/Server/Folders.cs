namespace AgentVine.Host.Server;

/// <summary>Folders of the data folder.</summary>
internal static class Folders
{
    /// <summary>Makes a folder that nobody else may look into, where the system knows modes.</summary>
    public static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
