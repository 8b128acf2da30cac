namespace AgentVine.Engine.Kernel;

/// <summary>Times are microseconds in UTC in the database, RFC 3339 on the wire.</summary>
public static class Timestamp
{
    /// <summary>The stored form of a time.</summary>
    public static long Micros(this DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>The time that was stored.</summary>
    public static DateTimeOffset Time(this long micros) =>
        new(DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    /// <summary>The time that was stored, if any.</summary>
    public static DateTimeOffset? Time(this long? micros) => micros?.Time();

    /// <summary>The length of a span, to add to a stored time.</summary>
    public static long Micros(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
