using System.ComponentModel;
using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>The tree where there is no <c>/proc</c>: the process and its descendants, as far as .NET finds them.</summary>
internal sealed class PortableProcessTree(Process process) : IProcessTree
{
    public bool Terminate() => !OperatingSystem.IsWindows() && !process.HasExited && Libc.Signal(process.Id, Libc.SigTerm);

    public bool Kill()
    {
        if (process.HasExited)
        {
            return true;
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // One of them ended meanwhile; the next round finds the others.
        }

        return false;
    }
}
