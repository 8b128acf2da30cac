using AgentVine.Contracts.Tasks;

namespace AgentVine.Runtimes.Processes;

/// <summary>The host's programs that a sandbox is made with.</summary>
/// <param name="Bubblewrap"><c>bwrap</c>.</param>
/// <param name="ResourceLimits"><c>prlimit</c>.</param>
/// <param name="Namespaces"><c>unshare</c>; null where this program is not root.</param>
/// <param name="Privileges"><c>setpriv</c>, which gives up root; null where this program is not root.</param>
/// <param name="FileSearch"><c>find</c>, which hands folders over; null where this program is not root.</param>
internal sealed record SandboxTools(string Bubblewrap, string ResourceLimits, string? Namespaces, string? Privileges, string? FileSearch)
{
    /// <exception cref="AgentLaunchException">One is missing; the message says what to install.</exception>
    public static SandboxTools Find()
    {
        var root = Libc.EffectiveUserId() == 0;
        return new SandboxTools(
            Require("bwrap", "bubblewrap"),
            Require("prlimit", "util-linux"),
            root ? Require("unshare", "util-linux") : null,
            root ? Require("setpriv", "util-linux") : null,
            root ? Require("find", "findutils") : null);
    }

    private static string Require(string program, string package) =>
        ProgramPath.Find(program, AgentEnvironment.SystemPath) ?? throw new AgentLaunchException(
            FailureKind.Permanent,
            $"The sandbox needs '{program}', which is not in {AgentEnvironment.SystemPath}. "
            + $"Install the package {package} (apt install {package}), or start the worker with --sandbox none.");
}
