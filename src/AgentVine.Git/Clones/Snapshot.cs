namespace AgentVine.Git.Clones;

/// <summary>The working tree of an agent's clone as a commit, all as the clone said it.</summary>
/// <param name="Commit">
/// Its tree is the working tree; its parents are the snapshot before, the tips that nothing else leads to, and <paramref name="HeadCommit"/> last.
/// </param>
/// <param name="Tree">The tree of <paramref name="Commit"/>.</param>
/// <param name="HeadCommit">What was checked out.</param>
/// <param name="IsWhole">False where files could not be read, or are in a repository of their own inside the clone: they are missing in it.</param>
public sealed record Snapshot(string Commit, string Tree, string HeadCommit, bool IsWhole);
