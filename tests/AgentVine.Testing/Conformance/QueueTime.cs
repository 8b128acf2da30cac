namespace AgentVine.Testing.Conformance;

/// <summary>
/// The system's clock, as far ahead as a test has moved it; timers run on the system's own, so that nothing that waits stands still. With
/// <paramref name="stands"/> it is that moment until a test moves it.
/// </summary>
public sealed class QueueTime(DateTimeOffset? stands = null) : TimeProvider
{
    private long _aheadTicks;

    public override DateTimeOffset GetUtcNow() => (stands ?? base.GetUtcNow()).AddTicks(Interlocked.Read(ref _aheadTicks));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (stands?.UtcTicks ?? base.GetElapsedTime(0, base.GetTimestamp()).Ticks) + Interlocked.Read(ref _aheadTicks);

    /// <summary>Moves the clock on.</summary>
    public void Advance(TimeSpan span) => Interlocked.Add(ref _aheadTicks, span.Ticks);
}
