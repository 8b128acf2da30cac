namespace AgentVine.Runtimes.Processes;

/// <summary>
/// Starts the processes of agents and checks: plainly, or inside a sandbox. A process that it starts carries <c>VINE_EXECUTION</c>,
/// has nothing of the host's environment but what its <see cref="ProcessSpec"/> names, and does not outlive this program by two seconds.
/// </summary>
public interface IProcessLauncher
{
    /// <summary><c>bubblewrap</c> or <c>none</c>.</summary>
    string Sandbox { get; }

    /// <summary>Whether a <see cref="ProcessSpec"/> may ask for a process without a network.</summary>
    bool CutsNetwork { get; }

    /// <summary>Starts <paramref name="spec"/>.</summary>
    /// <exception cref="AgentLaunchException">It cannot be started; the message names the program and what to do.</exception>
    Task<IAgentProcess> StartAsync(ProcessSpec spec, CancellationToken cancellationToken);
}
