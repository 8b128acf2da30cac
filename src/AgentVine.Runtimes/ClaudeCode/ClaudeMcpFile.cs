using System.Text.Json;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>The file that tells Claude Code of the <c>vine</c> MCP server: it holds the token, so only its owner may read it.</summary>
internal static class ClaudeMcpFile
{
    public const string ServerName = "vine";

    private const string FileName = "vine-mcp.json";

    /// <summary>Writes the file in place of one of an earlier attempt and returns its path; null where there is no server.</summary>
    public static string? Write(AgentLaunch launch, ClaudeCodeOptions options)
    {
        var path = Path.Combine(launch.StateDirectory, FileName);
        File.Delete(path);
        if (launch.Mcp is not { } mcp)
        {
            return null;
        }

        var create = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, create);
        JsonSerializer.Serialize(file, new { mcpServers = new Dictionary<string, object> { [ServerName] = Server(mcp, options) } });
        return path;
    }

    // alwaysLoad: its tools stand before the model from the first call on, in place of behind a search for tools.
    private static object Server(McpAccess mcp, ClaudeCodeOptions options) => new
    {
        type = "http",
        url = mcp.Url.ToString(),
        headers = new { Authorization = $"Bearer {mcp.Token}" },
        timeout = (long)options.McpCallTimeout.TotalMilliseconds,
        alwaysLoad = true,
    };
}
