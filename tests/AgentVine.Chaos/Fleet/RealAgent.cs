using System.Runtime.InteropServices;

namespace AgentVine.Chaos.Fleet;

/// <summary>The real Claude Code, where it is.</summary>
internal static class RealAgent
{
    /// <summary>Its program; null where there is none.</summary>
    public static string? Program { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("VINE_CLAUDE_PATH") is { Length: > 0 } named && File.Exists(named))
        {
            return named;
        }

        var package = $"claude-code-linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var installed = Path.Combine(folder, ".tools", "node_modules", "@anthropic-ai", package, "claude");
            if (File.Exists(installed))
            {
                return installed;
            }
        }

        return null;
    }
}
