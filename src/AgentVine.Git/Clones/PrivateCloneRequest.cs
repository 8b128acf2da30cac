using AgentVine.Git.Mirrors;
using AgentVine.Git.Names;

namespace AgentVine.Git.Clones;

/// <summary>What a private clone is to be.</summary>
public sealed record PrivateCloneRequest
{
    /// <summary>Where the work starts, from <see cref="Mirror.FetchAsync"/>.</summary>
    public required MirrorTip Target { get; init; }

    /// <summary>The branch to work on: <see cref="WorkRefs.Branch"/>.</summary>
    public required string WorkBranch { get; init; }

    /// <summary>An absolute path: missing, or an empty folder.</summary>
    public required string Folder { get; init; }

    /// <summary>An earlier attempt's snapshot to go on from, in place of the target branch's tip. Checked before it is used.</summary>
    public PrivateCloneStart? StartFrom { get; init; }

    /// <summary>Who commits in it.</summary>
    public GitIdentity Identity { get; init; } = GitIdentity.Agent;
}
