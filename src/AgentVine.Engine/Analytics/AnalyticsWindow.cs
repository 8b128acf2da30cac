using AgentVine.Contracts.Analytics;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Analytics;

/// <summary>
/// The range of a question, cut into buckets at their UTC boundaries. All of it is half-open, in microseconds: a fact at the edge of two
/// buckets is the later one's.
/// </summary>
internal sealed class AnalyticsWindow
{
    public AnalyticsWindow(long from, long to, AnalyticsBucket? bucket, long now)
    {
        (From, To, Now) = (from, to, now);
        Width = bucket switch
        {
            AnalyticsBucket.Minute => TimeSpan.FromMinutes(1).Micros(),
            AnalyticsBucket.Hour => TimeSpan.FromHours(1).Micros(),
            AnalyticsBucket.Day => TimeSpan.FromDays(1).Micros(),
            _ => to - from,
        };
        Origin = bucket is null ? from : from - Modulo(from, Width);
        Count = ((to - 1 - Origin) / Width) + 1;
    }

    public long From { get; }

    public long To { get; }

    public long Now { get; }

    /// <summary>The boundary that buckets are counted from: at or before <see cref="From"/>.</summary>
    public long Origin { get; }

    public long Width { get; }

    public long Count { get; }

    /// <summary>Where a bucket lies, as far as it belongs to the range.</summary>
    public (long From, long To) Bounds(long bucket)
    {
        var start = Origin + (bucket * Width);
        return (Math.Max(start, From), Math.Min(start + Width, To));
    }

    /// <summary>How much of a bucket is past.</summary>
    public long Elapsed(long bucket)
    {
        var (from, to) = Bounds(bucket);
        return Math.Max(0, Math.Min(to, Now) - from);
    }

    /// <summary>How much of a bucket a span covers; one that still lasts does so until now.</summary>
    public long Overlap(SpanRow span, long bucket)
    {
        var (from, to) = Bounds(bucket);
        return Math.Max(0, Math.Min(span.Ended ?? Now, to) - Math.Max(span.Began, from));
    }

    /// <summary>The buckets that a span touches.</summary>
    public IEnumerable<long> Touched(SpanRow span)
    {
        var first = (Math.Max(span.Began, From) - Origin) / Width;
        var end = Math.Min(span.Ended ?? Now, To);
        for (var bucket = first; bucket < Count && Bounds(bucket).From < end; bucket++)
        {
            yield return bucket;
        }
    }

    private static long Modulo(long value, long width) => ((value % width) + width) % width;
}
