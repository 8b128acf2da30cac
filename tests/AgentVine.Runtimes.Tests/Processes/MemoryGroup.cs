using System.Globalization;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>A control group of Linux (version 1) that lets its processes grow no further than by so many bytes, and kills them when they try.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Parent = "/sys/fs/cgroup/memory";
    private readonly string _folder = Path.Combine(Parent, $"vine-test-{Guid.NewGuid():N}");

    public MemoryGroup(long bytes, IEnumerable<int> processes)
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, "memory.limit_in_bytes"), bytes.ToString(CultureInfo.InvariantCulture));
        foreach (var process in processes)
        {
            File.WriteAllText(Path.Combine(_folder, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
        }
    }

    public static bool IsThere => Environment.IsPrivilegedProcess && File.Exists(Path.Combine(Parent, "memory.limit_in_bytes"));

    public void Dispose() => Directory.Delete(_folder);
}
