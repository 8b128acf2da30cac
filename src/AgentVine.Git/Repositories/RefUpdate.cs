namespace AgentVine.Git.Repositories;

/// <summary>A ref to create or to move.</summary>
/// <param name="Name">In full, as from <c>WorkRefs</c>.</param>
/// <param name="Rule">What may happen to it if it is there; with either rule it is created if it is not.</param>
public sealed record RefUpdate(string Name, RefRule Rule);
