using System.Globalization;
using System.Text;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>The live processes of an execution, as the whole machine sees them (Linux).</summary>
public static class ExecutionProcesses
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public static IReadOnlyList<int> Of(Guid executionId) => Carrying($"VINE_EXECUTION={executionId}");

    /// <summary>Those whose environment holds exactly this variable.</summary>
    public static IReadOnlyList<int> Carrying(string variable)
    {
        var pids = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => name!.All(char.IsAsciiDigit));
        return [.. pids.Where(pid => Environment(pid!).Contains(variable)).Select(pid => int.Parse(pid!, CultureInfo.InvariantCulture))];
    }

    public static Task UntilAsync(Func<bool> condition, string otherwise) => UntilAsync(() => Task.FromResult(condition()), otherwise);

    public static async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, otherwise);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    private static string[] Environment(string pid)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ")).Split('\0');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
