namespace AgentVine.Contracts.Tasks;

/// <summary>Tokens by kind, as the model's provider counted them.</summary>
public sealed record TokenCount(long Input, long Output, long CacheRead, long CacheWrite)
{
    /// <summary>None at all.</summary>
    public static TokenCount Zero { get; } = new(0, 0, 0, 0);

    /// <summary>The sum, kind by kind.</summary>
    public static TokenCount operator +(TokenCount left, TokenCount right) => Add(left, right);

    /// <summary>The sum, kind by kind.</summary>
    public static TokenCount Add(TokenCount left, TokenCount right) =>
        new(left.Input + right.Input, left.Output + right.Output, left.CacheRead + right.CacheRead, left.CacheWrite + right.CacheWrite);
}
