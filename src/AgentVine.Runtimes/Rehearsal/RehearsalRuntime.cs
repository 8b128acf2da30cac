using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes.Rehearsal;

/// <summary>
/// A simulated agent: plays the YAML playbook in the task's payload (<c>{"playbook": "…"}</c>), or a small one of its own, so that a
/// fleet can be tried without a model. Each step is one of <c>say</c>, <c>write</c>, <c>run</c>, <c>ask</c>, <c>ask_permission</c>,
/// <c>wait</c>, <c>fail</c>, <c>hang</c> and <c>rate_limit</c>; commands run in a sandbox only, for they come from the task.
/// </summary>
public sealed class RehearsalRuntime(TimeProvider timeProvider) : IAgentRuntime
{
    /// <inheritdoc/>
    public string Name => "rehearsal";

    /// <inheritdoc/>
    public RuntimeCapabilities Capabilities { get; } = new(Questions: true, Permissions: true, Messages: true, Interrupt: true, Resume: true);

    /// <inheritdoc/>
    public IAgentTranscripts? Transcripts { get; } = new RehearsalTranscripts();

    /// <inheritdoc/>
    public Task<IAgentRun> StartAsync(AgentLaunch launch, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var playbook = Playbook.Of(launch.Payload);
        if (playbook.RunsCommands && launch.Processes.Sandbox == "none")
        {
            throw new AgentLaunchException(
                FailureKind.Permanent,
                "The task's playbook has a 'run' step, and this worker has no sandbox (sandbox 'none'): commands of a task run in a "
                + "sandbox only. Take the step out, or send the task to a worker with bubblewrap.");
        }

        return Task.FromResult<IAgentRun>(new RehearsalRun(playbook, launch, RehearsalMemory.Of(launch), timeProvider));
    }
}
