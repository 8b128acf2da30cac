using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Conversations;

/// <summary>One question of a request.</summary>
public sealed record RequestQuestion
{
    /// <summary>The question; also the key of its answer.</summary>
    [Required, StringLength(20_000)]
    public required string Question { get; init; }

    /// <summary>A word or two above it.</summary>
    [StringLength(200)]
    public string? Header { get; init; }

    /// <summary>What can be chosen; free text is always allowed too.</summary>
    [MaxLength(100)]
    public IReadOnlyList<QuestionOption> Options { get; init; } = [];

    /// <summary>Whether several options may be chosen: their labels, joined by <c>", "</c>.</summary>
    public bool MultiSelect { get; init; }
}
