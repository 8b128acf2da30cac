using AgentVine.Contracts.Analytics;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Analytics;

/// <summary>What model calls come to.</summary>
internal static class UsageMetrics
{
    public static async Task<IReadOnlyList<MetricSeries>> TokensAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<UsageSumRow>(AnalyticsSql.Usage),
        static (_, cell) =>
        {
            var (input, output) = (cell.Sum(row => row.Input), cell.Sum(row => row.Output));
            var (read, write) = (cell.Sum(row => row.CacheRead), cell.Sum(row => row.CacheWrite));
            return new()
            {
                ["input"] = input,
                ["output"] = output,
                ["cache_read"] = read,
                ["cache_write"] = write,
                ["total"] = input + output + read + write,
            };
        });

    public static async Task<IReadOnlyList<MetricSeries>> CostAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<UsageSumRow>(AnalyticsSql.Usage), static (_, cell) => new() { ["usd"] = cell.Sum(row => row.Cost).Dollar() });
}
