namespace AgentVine.Engine.Analytics;

/// <summary>Something of a worker's that lasted: from when, and until when unless it still does.</summary>
internal sealed class SpanRow
{
    public Guid WorkerId { get; init; }

    public string Grp { get; init; } = "";

    public int Slots { get; init; }

    public bool HasSession { get; init; }

    public long Began { get; init; }

    public long? Ended { get; init; }

    /// <summary>The part of it that both it and <paramref name="span"/> have.</summary>
    public SpanRow Within(SpanRow span, long now) => new()
    {
        WorkerId = WorkerId,
        Grp = Grp,
        Slots = Slots,
        HasSession = HasSession,
        Began = Math.Max(Began, span.Began),
        Ended = Math.Min(Ended ?? now, span.Ended ?? now),
    };
}
