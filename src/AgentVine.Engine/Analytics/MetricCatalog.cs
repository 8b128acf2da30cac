using AgentVine.Contracts.Analytics;

namespace AgentVine.Engine.Analytics;

/// <summary>Every metric there is. What each means stands in <c>docs/guide/analytics.md</c>.</summary>
internal static class MetricCatalog
{
    private static readonly AnalyticsGroup[] OfAttempts =
        [AnalyticsGroup.Repository, AnalyticsGroup.Runtime, AnalyticsGroup.Worker, AnalyticsGroup.Priority, AnalyticsGroup.Account, AnalyticsGroup.Model];

    private static readonly AnalyticsGroup[] OfTasks =
        [AnalyticsGroup.Repository, AnalyticsGroup.Runtime, AnalyticsGroup.Worker, AnalyticsGroup.Priority, AnalyticsGroup.Account];

    private static readonly AnalyticsGroup[] OfSessions =
        [AnalyticsGroup.Repository, AnalyticsGroup.Runtime, AnalyticsGroup.Worker, AnalyticsGroup.Model];

    private static readonly AnalyticsGroup[] OfRequests =
        [AnalyticsGroup.Repository, AnalyticsGroup.Runtime, AnalyticsGroup.Worker, AnalyticsGroup.Priority];

    /// <summary>In the order in which they are told.</summary>
    public static IReadOnlyList<MetricSource> All { get; } =
    [
        new(AnalyticsMetric.QueueDepth, "orders", [], WorkMetrics.QueueDepthAsync) { ReadNowAsync = WorkMetrics.QueueDepthNowAsync },
        new(AnalyticsMetric.ClaimLatency, "seconds", OfAttempts, WorkMetrics.ClaimLatencyAsync),
        new(AnalyticsMetric.ClaimToComplete, "seconds", OfAttempts, WorkMetrics.ClaimToCompleteAsync),
        new(AnalyticsMetric.Throughput, "tasks", OfTasks, WorkMetrics.ThroughputAsync),
        new(AnalyticsMetric.CompletionRate, "share", OfTasks, WorkMetrics.CompletionRateAsync),
        new(AnalyticsMetric.FailedRate, "share", OfTasks, WorkMetrics.FailedRateAsync),
        new(AnalyticsMetric.ErrorRate, "share", OfAttempts, WorkMetrics.ErrorRateAsync),
        new(AnalyticsMetric.WorkerUptime, "share", [AnalyticsGroup.Worker], FleetMetrics.UptimeAsync),
        new(AnalyticsMetric.WorkerUtilisation, "share", [AnalyticsGroup.Worker], FleetMetrics.UtilisationAsync),
        new(AnalyticsMetric.ActiveSessions, "sessions", OfAttempts, FleetMetrics.ActiveSessionsAsync) { ReadNowAsync = FleetMetrics.ActiveSessionsNowAsync },
        new(AnalyticsMetric.SessionDuration, "seconds", [.. OfSessions, AnalyticsGroup.EndReason], ConversationMetrics.SessionDurationAsync),
        new(AnalyticsMetric.ReuseRate, "share", [.. OfSessions, AnalyticsGroup.EndReason], ConversationMetrics.ReuseRateAsync),
        new(AnalyticsMetric.SessionsEnded, "sessions", [.. OfSessions, AnalyticsGroup.EndReason], ConversationMetrics.SessionsEndedAsync),
        new(AnalyticsMetric.RequestsPerHour, "requests", OfRequests, ConversationMetrics.RequestsPerHourAsync),
        new(AnalyticsMetric.ResponseTime, "seconds", OfRequests, ConversationMetrics.ResponseTimeAsync),
        new(AnalyticsMetric.MessagesPerTask, "messages", OfTasks, ConversationMetrics.MessagesPerTaskAsync),
        new(AnalyticsMetric.Tokens, "tokens", OfAttempts, UsageMetrics.TokensAsync),
        new(AnalyticsMetric.Cost, "usd", OfAttempts, UsageMetrics.CostAsync),
    ];

    public static MetricSource Of(AnalyticsMetric metric) => All.Single(source => source.Metric == metric);
}
