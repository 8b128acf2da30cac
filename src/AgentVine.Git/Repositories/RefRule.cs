namespace AgentVine.Git.Repositories;

/// <summary>What may happen to a ref that is there.</summary>
public enum RefRule
{
    /// <summary>It may go forward only: to commits that build on the one that it names.</summary>
    FastForward,

    /// <summary>It may be put anywhere.</summary>
    Replace,
}
