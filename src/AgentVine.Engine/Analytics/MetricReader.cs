using AgentVine.Contracts;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Analytics;

/// <summary>Reads facts for the metrics of one question, in one snapshot; what several metrics are made of is read once.</summary>
internal sealed class MetricReader(IReadSession session, AnalyticsQuestion question, Func<IReadSession, Task<IReadOnlyList<QueueDepth>>> readDepths)
{
    private const int MostPoints = 50_000;
    private const int MostSpans = 200_000;
    private readonly Dictionary<string, object> _read = [];

    public AnalyticsWindow Window => question.Window;

    /// <summary>Facts by bucket and group.</summary>
    public async Task<IReadOnlyList<T>> FactsAsync<T>(string sql)
        where T : FactRow =>
        await OnceAsync(sql, () => session.QueryAsync<T>(
            sql, new { Window.From, Window.To, Window.Origin, Window.Width, Group = question.Group is { } group ? VineJson.Name(group) : "" }));

    /// <summary>Spans that touch the range; they are laid over the buckets here, so that there are bounds to their number.</summary>
    public async Task<IReadOnlyList<SpanRow>> SpansAsync(string sql)
    {
        var spans = await OnceAsync(sql, () => session.QueryAsync<SpanRow>(
            sql, new { Window.From, Window.To, Group = question.Group is { } group ? VineJson.Name(group) : "", Limit = MostSpans + 1 }));
        return spans.Count <= MostSpans
            ? spans
            : throw Faults.Of("from", $"and 'to' enclose more than {MostSpans} attempts or spells of workers, too many for this metric; choose a shorter range");
    }

    public Task<IReadOnlyList<QueueDepth>> DepthsAsync() => readDepths(session);

    /// <summary>One series, or one for each group that <paramref name="rows"/> have, with every bucket.</summary>
    public IReadOnlyList<MetricSeries> Series<T>(IEnumerable<T> rows, Func<long, IReadOnlyList<T>, Dictionary<string, decimal?>> figures, IReadOnlyList<string>? always = null)
        where T : FactRow
    {
        var cells = rows.ToLookup(row => (row.Grp, row.Bucket));
        return Series(always ?? GroupsOf(cells.Select(cell => cell.Key.Grp)), (group, bucket) => figures(bucket, [.. cells[(group, bucket)]]), always is not null);
    }

    /// <summary>The groups that a metric has something of; a single one without a name where nothing is told apart.</summary>
    public IReadOnlyList<string> GroupsOf(IEnumerable<string> groups) =>
        question.Group is null ? [""] : [.. groups.Distinct().Order(StringComparer.Ordinal)];

    public IReadOnlyList<MetricSeries> Series(
        IReadOnlyList<string> groups, Func<string, long, Dictionary<string, decimal?>> figures, bool isNamed = false)
    {
        if (groups.Count * Window.Count > MostPoints)
        {
            throw Faults.Of("bucket", $"and 'group' make {groups.Count * Window.Count} points, and at most {MostPoints} are given; choose a longer bucket or a shorter range");
        }

        return
        [
            .. groups.Select(group => new MetricSeries(
                Name(group, isNamed),
                [.. Buckets().Select(bucket => Point(bucket, figures(group, bucket)))])),
        ];
    }

    /// <summary>The group that a span counts for.</summary>
    public string Key(SpanRow span) => question.Group is null ? "" : span.Grp;

    /// <summary>What a series is called.</summary>
    public string? Name(string group, bool isNamed = false) => isNamed || question.Group is not null ? group : null;

    private IEnumerable<long> Buckets()
    {
        for (long bucket = 0; bucket < Window.Count; bucket++)
        {
            yield return bucket;
        }
    }

    private MetricPoint Point(long bucket, Dictionary<string, decimal?> figures)
    {
        var (from, to) = Window.Bounds(bucket);
        return new MetricPoint(from.Time(), to.Time(), figures);
    }

    private async Task<IReadOnlyList<T>> OnceAsync<T>(string sql, Func<Task<IReadOnlyList<T>>> read)
    {
        if (!_read.TryGetValue(sql, out var rows))
        {
            _read[sql] = rows = await read();
        }

        return (IReadOnlyList<T>)rows;
    }
}
