namespace AgentVine.Git;

/// <summary>What a failure of git means for the next try.</summary>
public enum GitFailureKind
{
    /// <summary>Anything that is none of the others: a full disk, a missing program, a repository that git finds damaged.</summary>
    Other,

    /// <summary>The repository's host did not answer, or not in time. May well succeed later.</summary>
    Unreachable,

    /// <summary>There is no such repository, or none that these credentials may see.</summary>
    NotFound,

    /// <summary>The repository's host wants other credentials than the ones that it got.</summary>
    AuthenticationFailed,

    /// <summary>The repository has no such branch.</summary>
    BranchNotFound,

    /// <summary>The repository has no commit yet.</summary>
    EmptyRepository,
}
