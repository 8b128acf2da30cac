namespace AgentVine.Git.Mirrors;

/// <summary>What came of merging branches into a base to work from.</summary>
public abstract record BaseMergeOutcome
{
    private BaseMergeOutcome()
    {
    }

    /// <summary>The base is there.</summary>
    /// <param name="Commit">The target branch's own commit when it has all of the branches already; else one that has all.</param>
    /// <param name="In">The branches that the target branch had not.</param>
    public sealed record Merged(string Commit, IReadOnlyList<BranchToMerge> In) : BaseMergeOutcome;

    /// <summary>They do not go together without a decision.</summary>
    /// <param name="Branch">The branch that could not be merged.</param>
    /// <param name="With">The branch that it conflicts with by itself; null where that is the target branch, or several together.</param>
    /// <param name="WithTarget">Whether it conflicts with the target branch by itself.</param>
    /// <param name="Files">The files, as git names them; none where the conflict is one of folders.</param>
    public sealed record Conflict(BranchToMerge Branch, BranchToMerge? With, bool WithTarget, IReadOnlyList<string> Files) : BaseMergeOutcome;
}
