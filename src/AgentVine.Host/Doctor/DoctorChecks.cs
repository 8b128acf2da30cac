using AgentVine.Cli.Commands.Doctor;
using AgentVine.Cli.Settings;

namespace AgentVine.Host.Doctor;

/// <summary>What <c>vine doctor</c> looks at on this machine.</summary>
internal static class DoctorChecks
{
    public static IEnumerable<IDoctorCheck> For(VineSettings settings) =>
    [
        new GitCheck(),
        new SandboxCheck(),
        new ClaudeCheck(settings),
        new LoginCheck(settings),
        new DataFolderCheck(settings),
        new DiskCheck(settings),
        new ServerCheck(settings),
    ];
}
