namespace AgentVine.Contracts.Analytics;

/// <summary>What is measured. <c>docs/guide/analytics.md</c> has what each counts, when, and its figures.</summary>
public enum AnalyticsMetric
{
    /// <summary>What stands in each of the five queues.</summary>
    QueueDepth,

    /// <summary>How long orders were ready until a worker claimed them.</summary>
    ClaimLatency,

    /// <summary>How long attempts took that handed back a result.</summary>
    ClaimToComplete,

    /// <summary>How many tasks became completed.</summary>
    Throughput,

    /// <summary>The share of tasks that ended as completed.</summary>
    CompletionRate,

    /// <summary>The share of tasks that ended as failed.</summary>
    FailedRate,

    /// <summary>The share of attempts that failed, timed out or were lost.</summary>
    ErrorRate,

    /// <summary>The share of the time since their registration in which workers were heard of.</summary>
    WorkerUptime,

    /// <summary>The share of slot time under lease.</summary>
    WorkerUtilisation,

    /// <summary>How many conversations ran at once.</summary>
    ActiveSessions,

    /// <summary>How old sessions were at their end.</summary>
    SessionDuration,

    /// <summary>The share of ended sessions that served more than one task.</summary>
    ReuseRate,

    /// <summary>How many sessions ended, by reason.</summary>
    SessionsEnded,

    /// <summary>How many requests were put to people, by the hour.</summary>
    RequestsPerHour,

    /// <summary>How long requests waited for their answer.</summary>
    ResponseTime,

    /// <summary>How many messages an ended task's conversation has.</summary>
    MessagesPerTask,

    /// <summary>Tokens of model calls.</summary>
    Tokens,

    /// <summary>What model calls cost.</summary>
    Cost,
}
