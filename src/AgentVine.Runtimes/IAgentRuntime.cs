using AgentVine.Runtimes.Transcripts;

namespace AgentVine.Runtimes;

/// <summary>The driver of one kind of agent program. Stateless: every run's state is in its <see cref="IAgentRun"/>.</summary>
public interface IAgentRuntime
{
    /// <summary>As tasks name it, for example <c>claude-code</c>.</summary>
    string Name { get; }

    /// <summary>What its agents can be given while they run.</summary>
    RuntimeCapabilities Capabilities { get; }

    /// <summary>Where its conversations are kept; null where it has none that could be gone on with.</summary>
    IAgentTranscripts? Transcripts { get; }

    /// <summary>Starts the agent program on <paramref name="launch"/> with its first user turn under way.</summary>
    /// <exception cref="AgentLaunchException">The program cannot be started; the message says what to do about it.</exception>
    Task<IAgentRun> StartAsync(AgentLaunch launch, CancellationToken cancellationToken);
}
