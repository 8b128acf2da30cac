using AgentVine.Runtimes.Processes;
using AgentVine.Runtimes.Tests.Processes;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>Starts processes plainly and keeps what it was asked to start.</summary>
internal sealed class RecordingLauncher : IProcessLauncher
{
    public string Sandbox => Launchers.Plain.Sandbox;

    public bool CutsNetwork => false;

    public ProcessSpec? Spec { get; private set; }

    public Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        Spec = spec;
        return Launchers.Plain.StartAsync(spec, cancellationToken);
    }
}
