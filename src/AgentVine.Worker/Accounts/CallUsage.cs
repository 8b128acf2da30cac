namespace AgentVine.Worker.Accounts;

/// <summary>What one model call came to, as the provider counted it.</summary>
internal sealed record CallUsage
{
    /// <summary>The model that answered.</summary>
    public string? Model { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long CacheRead { get; init; }

    /// <summary>All that went to the provider's cache, <see cref="CacheWriteHour"/> among it.</summary>
    public long CacheWrite { get; init; }

    public long CacheWriteHour { get; init; }

    public long WebSearches { get; init; }

    public bool IsFast { get; init; }

    /// <summary>Whether the call was bound to the United States, which costs more.</summary>
    public bool IsInUs { get; init; }

    public long Prompt => Input + CacheRead + CacheWrite;
}
