namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// Where a page of a list, newest first, begins: after the row of <paramref name="After"/>. Lists are arrays; the next page is a
/// <c>Link</c> with <c>rel="next"</c>.
/// </summary>
internal sealed record Paging(Guid? After, int Limit)
{
    public const int DefaultLimit = 200;
    public const int MaximumLimit = 1000;

    /// <summary>Sorts before every row of a list.</summary>
    public const string LastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

    public static Paging Read(Query query) => new(query.Guid("after"), query.Int("limit", 1, MaximumLimit, DefaultLimit));
}
