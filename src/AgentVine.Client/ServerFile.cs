using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>What a running server leaves in its data folder, <c>server.json</c>, so that programs of the same machine find it.</summary>
/// <param name="Url">Where it listens.</param>
/// <param name="Pid">Its process.</param>
public sealed record ServerFile(Uri Url, int Pid)
{
    /// <summary>The file's name in the data folder.</summary>
    public const string Name = "server.json";

    /// <summary>The file of <paramref name="dataFolder"/>; null when there is none that can be read.</summary>
    public static ServerFile? Read(string dataFolder)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ServerFile>(File.ReadAllBytes(Path.Combine(dataFolder, Name)), VineJson.Options);
            return file is { Url: { IsAbsoluteUri: true, Scheme: "http" or "https" } } ? file : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Puts the file into <paramref name="dataFolder"/>, whole at once.</summary>
    public void Write(string dataFolder)
    {
        var path = Path.Combine(dataFolder, Name);
        var draft = $"{path}.{Pid}";
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(this, VineJson.Options));
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>Removes the file when it is still this server's.</summary>
    public void Remove(string dataFolder)
    {
        if (Read(dataFolder) == this)
        {
            File.Delete(Path.Combine(dataFolder, Name));
        }
    }
}
