using AgentVine.Contracts;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Sessions;

namespace AgentVine.Engine.Analytics;

/// <summary>What sessions, requests and messages come to.</summary>
internal static class ConversationMetrics
{
    private static readonly string[] Reasons = [.. Enum.GetValues<SessionEndReason>().Select(VineJson.Name)];

    public static Task<IReadOnlyList<MetricSeries>> SessionDurationAsync(MetricReader reader) =>
        WorkMetrics.DistributionAsync(reader, AnalyticsSql.SessionDuration);

    public static async Task<IReadOnlyList<MetricSeries>> ReuseRateAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.SessionsReused),
        static (_, cell) => Figures.Share("reused", Figures.Sum(cell, "reused"), "ended", Figures.Sum(cell)));

    public static async Task<IReadOnlyList<MetricSeries>> SessionsEndedAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.SessionsEnded),
        static (_, cell) =>
        {
            var figures = new Dictionary<string, decimal?> { ["ended"] = Figures.Sum(cell) };
            foreach (var reason in Reasons)
            {
                figures[reason] = Figures.Sum(cell, reason);
            }

            return figures;
        });

    public static async Task<IReadOnlyList<MetricSeries>> RequestsPerHourAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<CountRow>(AnalyticsSql.RequestsAsked),
        (bucket, cell) => new()
        {
            ["count"] = Figures.Sum(cell),
            ["per_hour"] = WorkMetrics.PerHour(Figures.Sum(cell), reader.Window.Elapsed(bucket)),
        });

    public static Task<IReadOnlyList<MetricSeries>> ResponseTimeAsync(MetricReader reader) =>
        WorkMetrics.DistributionAsync(reader, AnalyticsSql.ResponseTime);

    public static async Task<IReadOnlyList<MetricSeries>> MessagesPerTaskAsync(MetricReader reader) => reader.Series(
        await reader.FactsAsync<ConversationRow>(AnalyticsSql.MessagesOfEnded),
        static (_, cell) => new()
        {
            ["mean"] = cell is [var row] ? Figures.Ratio(row.Total, row.Items) : null,
            ["messages"] = cell.Sum(each => each.Total),
            ["tasks"] = cell.Sum(each => each.Items),
        });
}
