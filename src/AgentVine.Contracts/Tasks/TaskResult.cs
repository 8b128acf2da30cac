namespace AgentVine.Contracts.Tasks;

/// <summary>What an attempt hands back.</summary>
public sealed record TaskResult
{
    /// <summary>The agent's closing words.</summary>
    public string? Summary { get; init; }

    /// <summary>The full id of the commit on the work branch; absent when nothing was changed.</summary>
    public string? Commit { get; init; }

    /// <summary>The full id of the commit of the target branch that the work started from.</summary>
    public string? BaseCommit { get; init; }

    /// <summary>The size of the change; absent when nothing was changed.</summary>
    public DiffStat? DiffStat { get; init; }

    /// <summary><c>unchecked</c>: no checks ran. <c>no_change</c>: there is no diff.</summary>
    public string? Checked { get; init; }

    /// <summary>List price in US dollars of this attempt's model calls, as the agent program counted it.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Tokens of this attempt.</summary>
    public TokenCount? Tokens { get; init; }
}
