namespace AgentVine.Git.Mirrors;

/// <summary>A branch of a repository as a fetch found it.</summary>
public sealed class MirrorTip
{
    internal MirrorTip(string branch, string commit, string? defaultBranch, IReadOnlyList<GitRef> refs)
    {
        Branch = branch;
        Commit = commit;
        DefaultBranch = defaultBranch;
        Refs = refs;
    }

    /// <summary>The branch that was asked for, or the default branch.</summary>
    public string Branch { get; }

    /// <summary>The commit that it names, or that <see cref="At"/> put in its place.</summary>
    public string Commit { get; }

    /// <summary>The branch that the repository's HEAD names; null unless it was needed.</summary>
    public string? DefaultBranch { get; }

    /// <summary>The same moment, with the work starting from another commit.</summary>
    public MirrorTip At(string commit) => new(Branch, commit, DefaultBranch, Refs);

    /// <summary>Every branch and tag of the same moment.</summary>
    internal IReadOnlyList<GitRef> Refs { get; }
}
