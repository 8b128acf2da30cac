using AgentVine.Contracts.Analytics;

namespace AgentVine.Engine.Analytics;

/// <summary>What lasts: workers, and attempts on their slots. Spans are laid over the buckets; what still lasts does so until now.</summary>
internal static class FleetMetrics
{
    public static async Task<IReadOnlyList<MetricSeries>> UptimeAsync(MetricReader reader)
    {
        var registered = SpanSums.Of(reader, await reader.SpansAsync(AnalyticsSql.WorkersRegistered));
        var up = SpanSums.Of(reader, await reader.SpansAsync(AnalyticsSql.WorkersUp));
        return reader.Series(registered.Groups, (group, bucket) => Share("up", up[group, bucket], "registered", registered[group, bucket]));
    }

    /// <summary>Of a lost attempt counts the time in which its worker was heard of: nobody used the slot while the lease ran out.</summary>
    public static async Task<IReadOnlyList<MetricSeries>> UtilisationAsync(MetricReader reader)
    {
        var workers = await reader.SpansAsync(AnalyticsSql.WorkersUp);
        var upOf = workers.ToLookup(span => span.WorkerId);
        var runs = await reader.SpansAsync(AnalyticsSql.Runs);
        var slots = SpanSums.Of(reader, workers, span => span.Slots);
        var leased = SpanSums.Of(reader, runs.SelectMany(run => upOf[run.WorkerId].Select(span => run.Within(span, reader.Window.Now))));
        return reader.Series(slots.Groups, (group, bucket) => Share("leased", leased[group, bucket], "slot", slots[group, bucket]));
    }

    public static async Task<IReadOnlyList<MetricSeries>> ActiveSessionsAsync(MetricReader reader)
    {
        var runs = (await reader.SpansAsync(AnalyticsSql.Runs)).Where(run => run.HasSession).ToList();
        var time = SpanSums.Of(reader, runs);
        var most = MostAtOnce(reader, runs);
        return reader.Series(time.Groups, (group, bucket) =>
        {
            var elapsed = reader.Window.Elapsed(bucket);
            return new()
            {
                ["mean"] = Figures.Ratio(time[group, bucket], elapsed),
                ["max"] = elapsed == 0 ? null : most.GetValueOrDefault((group, bucket)),
            };
        });
    }

    public static async Task<IReadOnlyList<MetricReading>> ActiveSessionsNowAsync(MetricReader reader)
    {
        var running = (await reader.FactsAsync<CountRow>(AnalyticsSql.RunningSessions)).ToLookup(row => row.Grp);
        return
        [
            .. reader.GroupsOf(running.Select(group => group.Key)).Select(group => new MetricReading(
                reader.Name(group), new Dictionary<string, decimal?> { ["active"] = Figures.Sum(running[group]) })),
        ];
    }

    private static Dictionary<string, decimal?> Share(string name, long part, string of, long whole) => new()
    {
        ["share"] = Figures.Ratio(part, whole),
        [name + "_seconds"] = Figures.Seconds(part),
        [of + "_seconds"] = Figures.Seconds(whole),
    };

    private static Dictionary<(string Group, long Bucket), long> MostAtOnce(MetricReader reader, IEnumerable<SpanRow> runs)
    {
        var most = new Dictionary<(string, long), long>();
        foreach (var group in runs.Where(run => run.Ended != run.Began).GroupBy(reader.Key))
        {
            // An end before a beginning of the same moment: they did not run at once.
            var edges = new Queue<(long At, int Step)>(group
                .SelectMany(run => run.Ended is { } ended ? new[] { (At: run.Began, Step: 1), (At: ended, Step: -1) } : [(At: run.Began, Step: 1)])
                .OrderBy(edge => edge.At).ThenBy(edge => edge.Step));
            long count = 0;
            for (long bucket = 0; bucket < reader.Window.Count; bucket++)
            {
                var (from, to) = reader.Window.Bounds(bucket);
                while (edges.TryPeek(out var edge) && edge.At <= from)
                {
                    count += edges.Dequeue().Step;
                }

                var highest = count;
                while (edges.TryPeek(out var edge) && edge.At < to)
                {
                    count += edges.Dequeue().Step;
                    highest = Math.Max(highest, count);
                }

                most[(group.Key, bucket)] = highest;
            }
        }

        return most;
    }
}
