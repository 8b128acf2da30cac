using System.Globalization;

namespace AgentVine.Runtimes.Processes;

/// <summary>How often the system has ended processes for want of memory since it started, in all its groups: <c>oom_kill</c> of /proc/vmstat.</summary>
internal static class MemoryKills
{
    private const string Name = "oom_kill ";

    /// <summary>0 where the system does not tell.</summary>
    public static long Count()
    {
        try
        {
            var line = OperatingSystem.IsLinux() ? File.ReadLines("/proc/vmstat").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
            return long.TryParse(line?[Name.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
