namespace AgentVine.Client;

/// <summary>The server of this machine as its data folder tells of it.</summary>
/// <param name="DataFolder">An absolute path; the folder need not exist.</param>
public sealed record LocalServer(string DataFolder)
{
    /// <summary>Where a server listens that was told nothing else.</summary>
    public static readonly Uri DefaultUrl = new("http://127.0.0.1:8000");

    /// <summary>The key's file in the data folder.</summary>
    public const string KeyFileName = "run.key";

    /// <summary><c>run.key</c> of this folder.</summary>
    public string KeyFile => Path.Combine(DataFolder, KeyFileName);

    /// <summary>The running server's address, else the default one.</summary>
    public Uri Url => ServerFile.Read(DataFolder)?.Url ?? DefaultUrl;

    /// <summary>
    /// The server of the data folder that <paramref name="dataFolder"/> names; of the default one when null: <c>agentvine/</c> in the
    /// user's data home, and <c>/var/lib/agentvine</c> for root on Linux.
    /// </summary>
    public static LocalServer At(string? dataFolder) => new(Path.GetFullPath(string.IsNullOrEmpty(dataFolder) ? DefaultDataFolder() : dataFolder));

    /// <summary>The key of <see cref="KeyFile"/>; null when there is none.</summary>
    /// <exception cref="IOException">The file is there and this user may not read it.</exception>
    public string? ReadKey()
    {
        try
        {
            var key = File.ReadAllText(KeyFile).Trim();
            return key.Length > 0 ? key : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"{KeyFile} is another user's: run vine as the server's user, or give --key", exception);
        }
    }

    private static string DefaultDataFolder()
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            return "/var/lib/agentvine";
        }

        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return string.IsNullOrEmpty(home)
            ? throw new IOException("this user has no home folder to keep data in: name a data folder with --data or VINE_DATA")
            : Path.Combine(home, "agentvine");
    }
}
