using System.Runtime.InteropServices;
using Xunit;

namespace AgentVine.Testing.Fleet;

/// <summary>The real Claude Code that the tests drive. Without it they fail; they are not skipped.</summary>
public static class ClaudeUnderTest
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Path => Found.Value;

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("VINE_CLAUDE_PATH") is { Length: > 0 } named)
        {
            return named;
        }

        var package = $"claude-code-linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = System.IO.Path.GetDirectoryName(folder))
        {
            var installed = System.IO.Path.Combine(folder, ".tools", "node_modules", "@anthropic-ai", package, "claude");
            if (File.Exists(installed))
            {
                return installed;
            }
        }

        var onPath = Environment.GetEnvironmentVariable("PATH")!.Split(System.IO.Path.PathSeparator)
            .Select(folder => System.IO.Path.Combine(folder, "claude"))
            .FirstOrDefault(File.Exists);
        Assert.True(onPath is not null, "The real Claude Code is not installed here. Run ./test.sh, which installs the pinned version, or set VINE_CLAUDE_PATH.");
        return onPath!;
    }
}
