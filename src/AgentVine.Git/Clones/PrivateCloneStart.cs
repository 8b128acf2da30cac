using AgentVine.Git.Bundles;

namespace AgentVine.Git.Clones;

/// <summary>A snapshot that a clone starts from.</summary>
/// <param name="Bundle">Brings the snapshot's commit.</param>
/// <param name="HeadCommit">Its last parent, which is checked out; what the snapshot has beyond it becomes uncommitted changes.</param>
public sealed record PrivateCloneStart(Bundle Bundle, string HeadCommit);
