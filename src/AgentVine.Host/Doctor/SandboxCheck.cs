using AgentVine.Cli.Commands.Doctor;
using AgentVine.Runtimes.Processes;

namespace AgentVine.Host.Doctor;

internal sealed class SandboxCheck : IDoctorCheck
{
    public string Name => "sandbox";

    public async Task<DoctorResult> RunAsync(CancellationToken cancellationToken)
    {
        var probe = await SandboxProbe.RunAsync(new LauncherOptions(), cancellationToken);
        return probe.Launcher is not null
            ? new DoctorResult(DoctorOutcome.Ok, "bubblewrap works: agents see their clone and the system's programs, and no more of this machine's files")
            : new DoctorResult(DoctorOutcome.Warning, $"agents would run without a sandbox, with all that this user may do: {probe.Reason}");
    }
}
