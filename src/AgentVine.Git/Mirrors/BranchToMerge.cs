namespace AgentVine.Git.Mirrors;

/// <summary>A branch that a base is to have, and whose commit the mirror has.</summary>
/// <param name="Name">What people call it, for the commit's message and for a conflict.</param>
/// <param name="Commit">Its commit.</param>
public sealed record BranchToMerge(string Name, string Commit);
