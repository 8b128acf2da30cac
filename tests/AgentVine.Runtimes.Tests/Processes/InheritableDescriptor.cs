using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentVine.Runtimes.Tests.Processes;

/// <summary>A descriptor such as a careless caller leaves open: children inherit it.</summary>
internal sealed class InheritableDescriptor : IDisposable
{
    private int _descriptor = Duplicate(1);

    /// <summary>Whether a child that is started without care sees it. Other tests' launchers mark it, hence a few tries.</summary>
    public bool IsInherited()
    {
        for (var tries = 0; tries < 20; tries++)
        {
            _ = Close(_descriptor);
            _descriptor = Duplicate(1);
            using var child = Process.Start(new ProcessStartInfo("ls", ["/proc/self/fd"]) { RedirectStandardOutput = true })!;
            var seen = child.StandardOutput.ReadToEnd().Split('\n');
            child.WaitForExit();
            if (seen.Contains(_descriptor.ToString(CultureInfo.InvariantCulture)))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => _ = Close(_descriptor);

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
