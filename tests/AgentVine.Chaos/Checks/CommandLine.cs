using System.Diagnostics;
using System.Text.Json;
using AgentVine.Chaos.Fleet;

namespace AgentVine.Chaos.Checks;

/// <summary>What <c>vine</c> says at a prompt.</summary>
internal static class CommandLine
{
    /// <summary>What <c>vine task list --json</c> prints; null when it did not succeed.</summary>
    public static async Task<IReadOnlyList<JsonElement>?> TasksAsync(ChaosFleet fleet)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "vine"), ["task", "list", "--json", "--data", fleet.ServerFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("VINE_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        await errors;
        if (process.ExitCode != 0)
        {
            return null;
        }

        using var json = JsonDocument.Parse(output);
        return [.. json.RootElement.Clone().EnumerateArray()];
    }
}
