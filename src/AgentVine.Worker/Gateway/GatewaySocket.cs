using System.Text;

namespace AgentVine.Worker.Gateway;

/// <summary>The file by which agents that have no network reach the gateway. Who finds it can do nothing without an attempt's token.</summary>
internal static class GatewaySocket
{
    // sun_path of the smallest system, with its closing NUL.
    private const int Longest = 103;

    /// <summary>A path in the worker's own folder; where that is too long for a socket, in a temporary folder of this user.</summary>
    public static string In(string folder)
    {
        var path = Path.GetFullPath(Path.Join(folder, "gateway.sock"));
        return Encoding.UTF8.GetByteCount(path) <= Longest
            ? path
            : Path.Join(Directory.CreateTempSubdirectory("vine-gateway-").FullName, "gateway.sock");
    }

    /// <summary>Lets the agents' users call: the folders above keep everybody else away.</summary>
    public static void Open(string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        }
    }
}
