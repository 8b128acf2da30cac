using AgentVine.Runtimes;

namespace AgentVine.Testing.Conformance;

/// <summary>A runtime under <see cref="AgentRuntimeConformance"/>, with the launcher and whatever else it needs.</summary>
public interface IAgentRuntimeFixture
{
    IAgentRuntime Runtime { get; }

    /// <summary>False where the runtime or its launcher cannot do this at all: the facts that need it are skipped.</summary>
    bool Plays(AgentScenario scenario);

    /// <summary>A launch of a new execution and session whose agent does <paramref name="scenario"/>; both folders are empty.</summary>
    Task<AgentLaunch> LaunchAsync(AgentScenario scenario, string workingDirectory, string stateDirectory);
}
