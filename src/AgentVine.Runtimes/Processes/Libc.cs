using System.Runtime.InteropServices;

namespace AgentVine.Runtimes.Processes;

/// <summary>The few calls of the C library that .NET has no word for.</summary>
internal static class Libc
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const uint RangeCloseOnExec = 4;

    /// <summary>Sends a signal. False when there is no such process, or it is another user's.</summary>
    public static bool Signal(int pid, int signal) => kill(pid, signal) == 0;

    public static uint EffectiveUserId() => geteuid();

    public static uint EffectiveGroupId() => getegid();

    /// <summary>Descriptors that this program was itself started with are inherited by its children unless they are marked.</summary>
    public static void CloseInheritedDescriptorsOnExec()
    {
        try
        {
            if (close_range(3, uint.MaxValue, RangeCloseOnExec) == 0)
            {
                return;
            }
        }
        catch (EntryPointNotFoundException)
        {
        }

        foreach (var entry in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            if (int.TryParse(Path.GetFileName(entry), out var descriptor) && descriptor > 2)
            {
                _ = fcntl(descriptor, SetDescriptorFlags, CloseOnExec);
            }
        }
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);

    [DllImport("libc")]
    private static extern uint geteuid();

    [DllImport("libc")]
    private static extern uint getegid();

    [DllImport("libc")]
    private static extern int fcntl(int descriptor, int command, int argument);

    [DllImport("libc")]
    private static extern int close_range(uint first, uint last, uint flags);
}
