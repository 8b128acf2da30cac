namespace AgentVine.Git.Clones;

/// <summary>Runs steps in one agent's clone, inside its sandbox.</summary>
public interface IGitSteps
{
    /// <exception cref="GitStepException">It ended with an exit code that is a failure.</exception>
    Task<GitStepOutput> RunAsync(GitStep step, CancellationToken cancellationToken);
}
