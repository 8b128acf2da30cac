using System.ComponentModel;
using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>What makes a pid name one process for good: the run of the machine and the process's start.</summary>
internal static class ProcessIdentity
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    public static string Boot() => File.Exists(BootId) ? File.ReadAllText(BootId).Trim() : "";

    /// <summary>Its start on the machine's own scale; null when there is no such process.</summary>
    public static long? StartOf(int pid)
    {
        if (OperatingSystem.IsLinux())
        {
            return ProcEntry.Read(pid)?.StartTicks;
        }

        try
        {
            using var process = Process.GetProcessById(pid);
            return process.StartTime.Ticks;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }
}
