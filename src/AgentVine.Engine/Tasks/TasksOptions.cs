using AgentVine.Contracts;

namespace AgentVine.Engine.Tasks;

/// <summary>What a task gets that does not say it itself.</summary>
public sealed record TasksOptions
{
    /// <summary>The runtime of tasks that name none.</summary>
    public string DefaultRuntime { get; init; } = RuntimeNames.ClaudeCode;

    /// <summary>Seconds of agent time for one attempt.</summary>
    public int DefaultTimeout { get; init; } = 3600;

    /// <summary>How often a task is tried.</summary>
    public int DefaultMaxAttempts { get; init; } = 3;

    /// <summary>How long a failed task stays in the dead letter.</summary>
    public TimeSpan DeadLetterKept { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Every fault, with the key to set; empty when sound.</summary>
    public IReadOnlyList<string> Faults() => RuntimeNames.All.Contains(DefaultRuntime)
        ? []
        : [$"--runtime (VINE_RUNTIME) is '{DefaultRuntime}'; it must be one of: {string.Join(", ", RuntimeNames.All)}."];
}
