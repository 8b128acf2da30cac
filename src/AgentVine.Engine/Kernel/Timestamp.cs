namespace AgentVine.Engine.Kernel;

/// <summary>Times are microseconds in UTC in the database, RFC 3339 on the wire.</summary>
internal static class Timestamp
{
    public static long Micros(this DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(this long micros) =>
        new(DateTime.UnixEpoch.Ticks + (micros * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    public static DateTimeOffset? Time(this long? micros) => micros?.Time();

    public static long Micros(this TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;
}
