using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentVine.Engine.Identity;

/// <summary>The key of the data folder, <c>run.key</c>: whoever can read the file is the machine's user.</summary>
public static class RunKey
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "run.key";

    private const string Prefix = "vine_";
    private const int SecretBytes = 32;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static readonly TimeSpan WriterPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The key, made when the folder has none. Of several processes that start at once, one makes it and all return it. The file is
    /// its owner's alone from the first byte on; on Windows the folder's own protection holds.
    /// </summary>
    /// <exception cref="AccessKeyException">The file may be read by others, or holds no key.</exception>
    public static string LoadOrCreate(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(dataFolder);
        }
        else
        {
            Directory.CreateDirectory(dataFolder, OwnerOnly | UnixFileMode.UserExecute);
        }

        return TryCreate(path) ?? Read(path);
    }

    /// <summary>The key that a running server of this folder goes by, or null when the folder has none.</summary>
    /// <inheritdoc cref="LoadOrCreate" path="/exception"/>
    public static string? Find(string dataFolder)
    {
        var path = Path.Combine(dataFolder, FileName);
        return File.Exists(path) ? Read(path) : null;
    }

    private static string? TryCreate(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        if (File.Exists(path))
        {
            return null;
        }

        try
        {
            var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
            using var file = new FileStream(path, options);
            file.Write(Encoding.ASCII.GetBytes(key + "\n"));
            file.Flush(flushToDisk: true);
            return key;
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    private static string Read(string path)
    {
        var content = "";
        try
        {
            // Another process may be between creating the file and writing its one line.
            SpinWait.SpinUntil(() => (content = Content(path)).EndsWith('\n'), WriterPatience);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new AccessKeyException(
                $"{path} cannot be read by this user; run as its owner, or delete it to have a new one made.", exception);
        }

        var key = content.Trim();
        return key.Length >= SecretBytes && key.All(character => character is > ' ' and <= '~')
            ? key
            : throw new AccessKeyException($"{path} holds no key; delete it to have a new one made at the next start.");
    }

    private static string Content(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) is var open and not 0)
        {
            throw new AccessKeyException(
                $"{path} may be used by others than its owner ({open}); whoever read it has the server's key. "
                + "Delete it to have a new one made, or, if nobody did, run 'chmod 600' on it.");
        }

        using var reader = new StreamReader(file, Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
