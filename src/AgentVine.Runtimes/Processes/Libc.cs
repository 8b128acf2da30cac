using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AgentVine.Runtimes.Processes;

/// <summary>The few calls of the C library that .NET has no word for.</summary>
internal static class Libc
{
    public const int SigTerm = 15;
    public const int SigKill = 9;

    private const int ReadOnlyNonBlocking = 0x800;
    private const int CloseOnExecAtOpen = 0x80000;
    private const int NoSuchEntry = 2;
    private const int NotAFolder = 20;
    private const int SetDescriptorFlags = 2;
    private const int CloseOnExec = 1;
    private const uint RangeCloseOnExec = 4;

    /// <summary>Sends a signal. False when there is no such process, or it is another user's.</summary>
    public static bool Signal(int pid, int signal) => kill(pid, signal) == 0;

    public static uint EffectiveUserId() => geteuid();

    public static uint EffectiveGroupId() => getegid();

    /// <summary>Opens a file or folder without waiting for anything; null where there is none.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle? OpenToRead(string path)
    {
        var descriptor = open(path, ReadOnlyNonBlocking | CloseOnExecAtOpen);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }

        var error = Marshal.GetLastPInvokeError();
        return error is NoSuchEntry or NotAFolder ? null : throw new IOException($"{Marshal.GetPInvokeErrorMessage(error)} ('{path}')");
    }

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

    [DllImport("libc", SetLastError = true)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

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
