using System.Diagnostics;

namespace AgentVine.Runtimes.Processes;

/// <summary>The tree where there is no <c>/proc</c>: the process and its descendants, as far as .NET finds them.</summary>
internal sealed class PortableProcessTree(Process process) : IProcessTree
{
    public void Terminate()
    {
        if (!OperatingSystem.IsWindows() && !process.HasExited)
        {
            Libc.Signal(process.Id, Libc.SigTerm);
        }
    }

    public bool Kill()
    {
        if (process.HasExited)
        {
            return true;
        }

        process.Kill(entireProcessTree: true);
        return false;
    }
}
