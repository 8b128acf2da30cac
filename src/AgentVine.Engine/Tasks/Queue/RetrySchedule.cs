using AgentVine.Contracts.Tasks;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>When the next attempt may begin: exponential backoff with jitter, so that a fleet does not come back all at once.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FirstAfterTrouble = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UntoldRateLimit = TimeSpan.FromMinutes(1);

    /// <summary>The delay after <paramref name="error"/>, the <paramref name="used"/>th attempt that counts.</summary>
    public static TimeSpan Delay(TaskError error, int used, DateTimeOffset now) => error.Kind switch
    {
        FailureKind.Interrupted or FailureKind.Cancelled => TimeSpan.Zero,
        FailureKind.RateLimit when error.RetryAt is { } at => at > now ? at - now : TimeSpan.Zero,
        FailureKind.RateLimit => Jittered(UntoldRateLimit),
        _ => Doubled(First, used),
    };

    /// <summary>The delay after the <paramref name="often"/>th trouble of the provider in a row.</summary>
    public static TimeSpan AfterTrouble(int often) => Doubled(FirstAfterTrouble, often);

    private static TimeSpan Doubled(TimeSpan first, int often) =>
        Jittered(TimeSpan.FromTicks(Math.Min(Longest.Ticks, first.Ticks << Math.Clamp(often - 1, 0, 20))));

    // Up to a fifth longer, never shorter: a reset time is kept.
    private static TimeSpan Jittered(TimeSpan delay) => delay * (1 + (Random.Shared.NextDouble() / 5));
}
