namespace AgentVine.Engine.Kernel;

/// <summary>Times as the database holds them: microseconds since 1970 in UTC.</summary>
public static class Microseconds
{
    /// <summary>The stored form of <paramref name="time"/>.</summary>
    public static long Of(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The length of <paramref name="span"/>, to add to a stored time.</summary>
    public static long Of(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time that was stored.</summary>
    public static DateTimeOffset ToTime(long microseconds) =>
        new((microseconds * TimeSpan.TicksPerMicrosecond) + DateTime.UnixEpoch.Ticks, TimeSpan.Zero);
}
