namespace AgentVine.Contracts.Tasks;

/// <summary>The size of a change, as <c>git diff --shortstat</c> counts it; binary files count as files alone.</summary>
public sealed record DiffStat(int Files, int Insertions, int Deletions);
