using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Contracts.Queue;

/// <summary>What was kept of the work of a task that was given up.</summary>
public sealed record CaseSalvage
{
    /// <summary>The branch with the newest commits that came back; absent when none did.</summary>
    public string? Branch { get; init; }

    /// <summary>What the branch is at.</summary>
    public string? Commit { get; init; }

    /// <summary>The size of its change.</summary>
    public DiffStat? DiffStat { get; init; }

    /// <summary>The newest moment that files, and mostly the conversation, were stored at; absent when there is none.</summary>
    public CheckpointView? Checkpoint { get; init; }

    /// <summary>How to get at it.</summary>
    public required IReadOnlyList<CaseAdvice> HowToFetch { get; init; }
}
