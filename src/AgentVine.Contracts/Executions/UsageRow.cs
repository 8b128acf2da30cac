using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Executions;

/// <summary>What an attempt's calls of one model came to in one minute. Rows are cumulative: told again, the newer one stands.</summary>
public sealed record UsageRow
{
    /// <summary>The minute; seconds are cut off.</summary>
    [Required]
    public DateTimeOffset? Minute { get; init; }

    /// <summary>The model's name as the provider has it.</summary>
    [Required, StringLength(128), SingleLine]
    public string? Model { get; init; }

    /// <summary>Calls.</summary>
    [Range(0.0, 1_000_000_000.0)]
    public long Calls { get; init; }

    /// <summary>Tokens in.</summary>
    [Range(0.0, 1_000_000_000_000.0)]
    public long Input { get; init; }

    /// <summary>Tokens out.</summary>
    [Range(0.0, 1_000_000_000_000.0)]
    public long Output { get; init; }

    /// <summary>Tokens read from the provider's cache.</summary>
    [Range(0.0, 1_000_000_000_000.0)]
    public long CacheRead { get; init; }

    /// <summary>Tokens written to it.</summary>
    [Range(0.0, 1_000_000_000_000.0)]
    public long CacheWrite { get; init; }

    /// <summary>US dollars of list price, to the millionth.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal CostUsd { get; init; }
}
