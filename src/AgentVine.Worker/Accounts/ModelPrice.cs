namespace AgentVine.Worker.Accounts;

/// <summary>What a model costs, in US dollars for a million tokens of each kind.</summary>
/// <param name="Input">Read anew.</param>
/// <param name="Output">Written.</param>
/// <param name="CacheWrite">Read anew and kept by the provider for five minutes.</param>
/// <param name="CacheRead">Read from what it kept.</param>
public sealed record ModelPrice(decimal Input, decimal Output, decimal CacheWrite, decimal CacheRead)
{
    /// <summary>So many times as much in the provider's fast mode.</summary>
    internal int Fast { get; init; } = 1;

    /// <summary>Prompts of more tokens than this cost <see cref="LongFactor"/> times as much.</summary>
    internal long LongPrompt { get; init; } = long.MaxValue;

    /// <summary>See <see cref="LongPrompt"/>.</summary>
    internal int LongFactor { get; init; } = 1;

    // What the provider keeps for an hour costs twice the input; for five minutes, a quarter more.
    internal decimal CacheWriteHour => CacheWrite * 1.6m;
}
