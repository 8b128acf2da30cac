using AgentVine.Contracts.Analytics;

namespace AgentVine.Engine.Analytics;

/// <summary>What the queue and its attempts come to.</summary>
internal static class WorkMetrics
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Means over the samples of each queue; null where there was no server to take one.</summary>
    public static async Task<IReadOnlyList<MetricSeries>> QueueDepthAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<DepthSumRow>(AnalyticsSql.Depths),
        static (_, cell) => cell is [var row]
            ? new()
            {
                ["ready"] = Figures.Ratio(row.Ready, row.Samples),
                ["held"] = Figures.Ratio(row.Held, row.Samples),
                ["delayed"] = Figures.Ratio(row.Delayed, row.Samples),
                ["leased"] = Figures.Ratio(row.Leased, row.Samples),
                ["dead"] = Figures.Ratio(row.Dead, row.Samples),
                ["ready_max"] = row.MostReady,
                ["samples"] = row.Samples,
            }
            : new() { ["ready"] = null, ["held"] = null, ["delayed"] = null, ["leased"] = null, ["dead"] = null, ["ready_max"] = null, ["samples"] = 0 },
        always: [.. (await reader.DepthsAsync()).Select(depth => depth.Name)]);

    public static async Task<IReadOnlyList<MetricReading>> QueueDepthNowAsync(MetricReader reader) =>
    [
        .. (await reader.DepthsAsync()).Select(depth => new MetricReading(depth.Name, new Dictionary<string, decimal?>
        {
            ["ready"] = depth.Ready,
            ["held"] = depth.Held,
            ["delayed"] = depth.Delayed,
            ["leased"] = depth.Leased,
            ["dead"] = depth.Dead,
            ["oldest_ready_seconds"] = depth.OldestReadySeconds is { } age ? decimal.Round((decimal)age, 6) : null,
        })),
    ];

    public static Task<IReadOnlyList<MetricSeries>> ClaimLatencyAsync(MetricReader reader) => DistributionAsync(reader, AnalyticsSql.ClaimLatency);

    public static Task<IReadOnlyList<MetricSeries>> ClaimToCompleteAsync(MetricReader reader) => DistributionAsync(reader, AnalyticsSql.ClaimToComplete);

    public static async Task<IReadOnlyList<MetricSeries>> ThroughputAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.TasksEnded),
        (bucket, cell) => new()
        {
            ["completed"] = Figures.Sum(cell, "completed"),
            ["per_hour"] = PerHour(Figures.Sum(cell, "completed"), reader.Window.Elapsed(bucket)),
        });

    public static async Task<IReadOnlyList<MetricSeries>> CompletionRateAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.TasksEnded),
        static (_, cell) => Figures.Share("completed", Figures.Sum(cell, "completed"), "ended", Figures.Sum(cell)));

    public static async Task<IReadOnlyList<MetricSeries>> FailedRateAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.TasksEnded),
        static (_, cell) => Figures.Share("failed", Figures.Sum(cell, "failed"), "ended", Figures.Sum(cell)));

    public static async Task<IReadOnlyList<MetricSeries>> ErrorRateAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.AttemptsEnded),
        static (_, cell) => Figures.Share("errors", Figures.Sum(cell, "failed", "timed_out", "lost"), "attempts", Figures.Sum(cell)));

    public static async Task<IReadOnlyList<MetricSeries>> DistributionAsync(MetricReader reader, string sql) =>
        reader.Series(await reader.FactsAsync<DistributionRow>(sql), static (_, cell) => Figures.Distribution(cell));

    public static decimal? PerHour(long count, long elapsedMicros) => Figures.Ratio(count * (decimal)Hour.TotalSeconds, Figures.Seconds(elapsedMicros));
}
