namespace AgentVine.Engine.Analytics;

/// <summary>Figures as they are told: seconds, shares and means to the millionth.</summary>
internal static class Figures
{
    private const decimal Micros = 1_000_000;

    public static decimal Seconds(long micros) => micros / Micros;

    /// <summary>Null where there is nothing to divide by.</summary>
    public static decimal? Ratio(decimal part, decimal whole) => whole == 0 ? null : decimal.Round(part / whole, 6);

    public static Dictionary<string, decimal?> Distribution(IReadOnlyList<DistributionRow> cell) => cell is [var row]
        ? new()
        {
            ["count"] = row.Items,
            ["mean"] = Ratio(Seconds(row.Total), row.Items),
            ["p50"] = Seconds(row.P50),
            ["p95"] = Seconds(row.P95),
            ["max"] = Seconds(row.Longest),
        }
        : new() { ["count"] = 0, ["mean"] = null, ["p50"] = null, ["p95"] = null, ["max"] = null };

    public static long Sum(IEnumerable<CountRow> rows, params ReadOnlySpan<string> kinds)
    {
        long sum = 0;
        foreach (var row in rows)
        {
            sum += kinds.IsEmpty || kinds.Contains(row.Kind) ? row.Items : 0;
        }

        return sum;
    }

    /// <summary>A share with what it is made of.</summary>
    public static Dictionary<string, decimal?> Share(string name, long part, string of, long whole) =>
        new() { ["rate"] = Ratio(part, whole), [name] = part, [of] = whole };
}
