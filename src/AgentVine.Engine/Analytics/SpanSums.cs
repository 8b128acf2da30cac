namespace AgentVine.Engine.Analytics;

/// <summary>How much time spans cover, by group and bucket.</summary>
internal sealed class SpanSums
{
    private readonly Dictionary<(string Group, long Bucket), long> _sums = [];

    private SpanSums(IReadOnlyList<string> groups) => Groups = groups;

    /// <summary>The groups that there is a span of.</summary>
    public IReadOnlyList<string> Groups { get; }

    /// <summary>Microseconds.</summary>
    public long this[string group, long bucket] => _sums.GetValueOrDefault((group, bucket));

    public static SpanSums Of(MetricReader reader, IEnumerable<SpanRow> spans, Func<SpanRow, long>? weight = null)
    {
        var all = spans.ToList();
        var sums = new SpanSums(reader.GroupsOf(all.Select(span => span.Grp)));
        foreach (var span in all)
        {
            foreach (var bucket in reader.Window.Touched(span))
            {
                var key = (reader.Key(span), bucket);
                sums._sums[key] = sums._sums.GetValueOrDefault(key) + (reader.Window.Overlap(span, bucket) * (weight?.Invoke(span) ?? 1));
            }
        }

        return sums;
    }
}
