using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Analytics;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Workers;
using AgentVine.Testing.Databases;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>Every figure of a known history, worked out by hand: see <see cref="AnalyticsHistory"/> for what happened when.</summary>
public abstract class AnalyticsConformance(TestDatabase database) : IAsyncLifetime
{
    // Three hours, half an hour of them yet to come.
    private const string Hours = "from=2030-01-01T10:00:00Z&to=2030-01-01T13:00:00Z&bucket=hour";

    private readonly QueueTime _time = new(AnalyticsHistory.Day);
    private AnalyticsHistory _history = null!;

    public async ValueTask InitializeAsync()
    {
        await database.ReopenAsync(_time);
        await QueueGround.ClearAsync(database.Store);
        _history = new AnalyticsHistory(database.Store, _time);
    }

    public async ValueTask DisposeAsync()
    {
        await _history.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_figure_follows_from_the_history()
    {
        await _history.PlayAsync();
        var view = await _history.AskAsync("?" + Hours);

        Assert.Equal(Enum.GetValues<AnalyticsMetric>(), view.Metrics.Select(metric => metric.Metric));

        // Claims: T6 0, T1 10, T2 30, T3 600 · T4 0, T3 0 · T5 300.
        Is(view, AnalyticsMetric.ClaimLatency, "count 4 mean 160 p50 10 p95 600 max 600", "count 2 mean 0 p50 0 p95 0 max 0", "count 1 mean 300 p50 300 p95 300 max 300");
        // T1 120, T6 300, T2 1770 · none · T4 3600, which ended at 12:00 sharp.
        Is(view, AnalyticsMetric.ClaimToComplete, "count 3 mean 730 p50 300 p95 1770 max 1770", "count 0 mean - p50 - p95 - max -", "count 1 mean 3600 p50 3600 p95 3600 max 3600");
        Is(view, AnalyticsMetric.Throughput, "completed 3 per_hour 3", "completed 0 per_hour 0", "completed 1 per_hour 2");
        // T3 failed at 10:20, though it was queued again at 11:30.
        Is(view, AnalyticsMetric.CompletionRate, "rate 0.75 completed 3 ended 4", "rate - completed 0 ended 0", "rate 1 completed 1 ended 1");
        Is(view, AnalyticsMetric.FailedRate, "rate 0.25 failed 1 ended 4", "rate - failed 0 ended 0", "rate 0 failed 0 ended 1");
        Is(view, AnalyticsMetric.ErrorRate, "rate 0.25 errors 1 attempts 4", "rate 1 errors 1 attempts 1", "rate 0 errors 0 attempts 1");
        // beta from 10:10; last heard of at 11:40, replaced at 11:45.
        Is(view, AnalyticsMetric.WorkerUptime, "share 1 up_seconds 6600 registered_seconds 6600", "share 0.958333 up_seconds 6900 registered_seconds 7200", "share 1 up_seconds 3600 registered_seconds 3600");
        // Four slots each. T1 120, T2 1770, T6 300, T3 600 · T4 3600, T3 600 until 11:40 · T5 600 until now.
        Is(view, AnalyticsMetric.WorkerUtilisation, "share 0.105682 leased_seconds 2790 slot_seconds 26400", "share 0.152174 leased_seconds 4200 slot_seconds 27600", "share 0.041667 leased_seconds 600 slot_seconds 14400");
        // Without T3, whose agent never began: T1 120, T2 1770, T6 300 of 3600 · T4 · T5 600 of 1800.
        Is(view, AnalyticsMetric.ActiveSessions, "mean 0.608333 max 2", "mean 1 max 1", "mean 0.333333 max 1");
        // s2 · s1, from 10:00:10 until 11:10, over T1 and T6 · s4.
        Is(view, AnalyticsMetric.SessionDuration, "count 1 mean 1770 p50 1770 p95 1770 max 1770", "count 1 mean 4190 p50 4190 p95 4190 max 4190", "count 1 mean 3600 p50 3600 p95 3600 max 3600");
        Is(view, AnalyticsMetric.ReuseRate, "rate 0 reused 0 ended 1", "rate 1 reused 1 ended 1", "rate 0 reused 0 ended 1");
        Is(view, AnalyticsMetric.RequestsPerHour, "count 2 per_hour 2", "count 0 per_hour 0", "count 1 per_hour 2");
        Is(view, AnalyticsMetric.ResponseTime, "count 2 mean 80 p50 40 p95 120 max 120", "count 0 mean - p50 - p95 - max -", "count 0 mean - p50 - p95 - max -");
        // T2's two among four tasks · none ended · T4's one.
        Is(view, AnalyticsMetric.MessagesPerTask, "mean 0.5 messages 2 tasks 4", "mean - messages 0 tasks 0", "mean 1 messages 1 tasks 1");
        // T3's rows stand for it, by their minutes; what it told at its end does not count besides.
        Is(view, AnalyticsMetric.Tokens, "input 114 output 22 cache_read 1000 cache_write 50 total 1186", "input 2 output 1 cache_read 0 cache_write 0 total 3", "input 0 output 0 cache_read 0 cache_write 0 total 0");
        Is(view, AnalyticsMetric.Cost, "usd 1.05", "usd 0.05", "usd 1");
    }

    [Fact]
    public async Task Sessions_end_for_reasons_that_are_counted_one_by_one()
    {
        await _history.PlayAsync();

        var points = Of(await _history.AskAsync("?metric=sessions_ended&" + Hours), AnalyticsMetric.SessionsEnded).Series[0].Points;

        Assert.Equal(["completed", "idle_timeout", "completed"], points.Select(point => point.Values.Single(value => value is { Key: not "ended", Value: 1 }).Key));
        Assert.All(points, point => Assert.Equal(1, point.Values["ended"]));
        Assert.Equal(10, points[0].Values.Count);
    }

    [Fact]
    public async Task Depths_are_the_means_of_what_was_sampled_and_how_it_stands()
    {
        await _history.PlayAsync();

        var depth = Of(await _history.AskAsync("?metric=queue_depth&" + Hours), AnalyticsMetric.QueueDepth);

        Assert.Equal(["high_priority", "default", "low_priority", "worker_requests", "controller_responses"], depth.Series.Select(series => series.Group));
        // Sampled at 10:00 with all three ready, and at 10:01 with the first two leased; the minute's second look is none.
        Assert.Equal("ready 0.5 held 0 delayed 0 leased 0.5 dead 0 ready_max 1 samples 2", Words(depth.Series[1].Points[0].Values));
        Assert.Equal("ready 1 held 0 delayed 0 leased 0 dead 0 ready_max 1 samples 2", Words(depth.Series[2].Points[0].Values));
        Assert.Equal("ready - held - delayed - leased - dead - ready_max - samples 0", Words(depth.Series[1].Points[1].Values));
        // T5 runs, T3 waits for its next attempt, T5's question is open; beta had nothing in its channel, alpha two answers and three messages.
        Assert.Equal(
            [
                "ready 0 held 0 delayed 0 leased 0 dead 0 oldest_ready_seconds -",
                "ready 0 held 0 delayed 0 leased 1 dead 0 oldest_ready_seconds -",
                "ready 0 held 0 delayed 1 leased 0 dead 0 oldest_ready_seconds -",
                "ready 1 held 0 delayed 0 leased 0 dead 0 oldest_ready_seconds 300",
                "ready 5 held 0 delayed 0 leased 0 dead 0 oldest_ready_seconds 8900",
            ],
            depth.Now!.Select(reading => Words(reading.Values)));
    }

    [Fact]
    public async Task Samples_are_kept_for_35_days()
    {
        _history.At("10:00:30");
        await _history.SampleAsync();
        _time.Advance(TimeSpan.FromDays(35));
        await _history.SampleAsync();
        Assert.Equal(10, await CountAsync("queue_samples"));

        _time.Advance(TimeSpan.FromMinutes(1));
        await _history.SampleAsync();

        Assert.Equal(10, await CountAsync("queue_samples"));
    }

    [Theory]
    [InlineData("throughput", "repository", "completed", AnalyticsHistory.A + " 3", AnalyticsHistory.B + " 1")]
    [InlineData("throughput", "priority", "completed", "high 1", "low 0", "normal 3")]
    [InlineData("throughput", "worker", "completed", "alpha 4", "beta 0")]
    [InlineData("error_rate", "worker", "errors", "alpha 0", "beta 2")]
    [InlineData("error_rate", "runtime", "attempts", "rehearsal 6")]
    [InlineData("claim_latency", "priority", "max", "high 10", "low 600", "normal 300")]
    [InlineData("cost", "model", "usd", " 1.75", "m1 0.1", "m2 0.25")]
    [InlineData("cost", "account", "usd", " 1.75", "plan 0.35")]
    [InlineData("cost", "worker", "usd", "alpha 1.75", "beta 0.35")]
    [InlineData("tokens", "repository", "total", AnalyticsHistory.A + " 1170", AnalyticsHistory.B + " 19")]
    [InlineData("worker_uptime", "worker", "up_seconds", "alpha 9000", "beta 8100")]
    [InlineData("worker_utilisation", "worker", "leased_seconds", "alpha 6390", "beta 1200")]
    [InlineData("active_sessions", "repository", "max", AnalyticsHistory.A + " 2", AnalyticsHistory.B + " 1")]
    [InlineData("session_duration", "end_reason", "count", "completed 2", "idle_timeout 1")]
    [InlineData("reuse_rate", "repository", "reused", AnalyticsHistory.A + " 1", AnalyticsHistory.B + " 0")]
    [InlineData("requests_per_hour", "worker", "count", "alpha 3")]
    [InlineData("response_time", "repository", "p95", AnalyticsHistory.A + " 120")]
    [InlineData("messages_per_task", "priority", "messages", "high 0", "low 0", "normal 3")]
    public async Task Groups_tell_a_metric_apart(string metric, string group, string figure, params string[] expected)
    {
        await _history.PlayAsync();

        var view = await _history.AskAsync($"?metric={metric}&group={group}&from=2030-01-01T10:00:00Z&to=2030-01-01T13:00:00Z");

        Assert.Equal(expected, view.Metrics.Single().Series.Select(series => $"{series.Group} {Number(series.Points.Single().Values[figure])}"));
    }

    [Fact]
    public async Task Edges_are_in_at_the_beginning_and_out_at_the_end()
    {
        await _history.PlayAsync();

        // T1 was claimed at 10:00:10 sharp, T4 completed at 12:00:00 sharp.
        Assert.Equal(6, await FigureAsync("claim_latency", "10:00:10", "12:00:00", "count"));
        Assert.Equal(5, await FigureAsync("claim_latency", "10:00:11", "12:00:00", "count"));
        Assert.Equal(3, await FigureAsync("throughput", "10:00:00", "12:00:00", "completed"));
        Assert.Equal(4, await FigureAsync("throughput", "10:00:00", "12:00:01", "completed"));
        Assert.Equal(1, await FigureAsync("throughput", "12:00:00", "12:00:01", "completed"));
    }

    [Fact]
    public async Task Buckets_lie_at_utc_boundaries_and_the_range_cuts_the_first_and_last()
    {
        await _history.PlayAsync();

        var view = await _history.AskAsync("?metric=throughput&bucket=day&from=2029-12-31T23:30:00-01:00&to=2030-01-02T00:00:01Z");

        Assert.Equal(
            ["2030-01-01 00:30:00 2030-01-02 00:00:00 4", "2030-01-02 00:00:00 2030-01-02 00:00:01 0"],
            view.Metrics.Single().Series.Single().Points.Select(point => $"{point.From:yyyy-MM-dd HH:mm:ss} {point.To:yyyy-MM-dd HH:mm:ss} {Number(point.Values["completed"])}"));
    }

    [Fact]
    public async Task Nothing_at_all_has_zeros_and_nulls_and_the_last_24_hours()
    {
        _time.Advance(TimeSpan.FromHours(36));

        var view = await _history.AskAsync("");

        Assert.Equal((AnalyticsHistory.Day.AddHours(12), AnalyticsHistory.Day.AddHours(36)), (view.From, view.To));
        Assert.Equal("count 0 mean - p50 - p95 - max -", Words(Of(view, AnalyticsMetric.ClaimLatency).Series.Single().Points.Single().Values));
        Assert.Equal("share - up_seconds 0 registered_seconds 0", Words(Of(view, AnalyticsMetric.WorkerUptime).Series.Single().Points.Single().Values));
        Assert.Equal("usd 0", Words(Of(view, AnalyticsMetric.Cost).Series.Single().Points.Single().Values));
        Assert.Equal("active 0", Words(Of(view, AnalyticsMetric.ActiveSessions).Now!.Single().Values));
    }

    [Fact]
    public async Task A_restart_changes_nothing()
    {
        await _history.PlayAsync();
        var before = await _history.AskAsync("?" + Hours);

        await database.ReopenAsync(_time);
        await using var after = new AnalyticsHistory(database.Store, _time);

        Assert.Equal(JsonSerializer.Serialize(before, VineJson.Options), JsonSerializer.Serialize(await after.AskAsync("?" + Hours), VineJson.Options));
    }

    [Fact]
    public async Task What_was_there_before_the_figures_is_carried_over()
    {
        const string Query = "?metric=throughput,worker_uptime,tokens,cost&" + Hours;
        await _history.PlayAsync();
        var before = await _history.AskAsync(Query);

        await WriteAsync("delete from task_outcomes");
        await WriteAsync("delete from worker_spans");
        await WriteAsync("update executions set told_cost = null, told_input = null, told_output = null, told_cache_read = null, told_cache_write = null");
        Assert.NotEqual(JsonSerializer.Serialize(before, VineJson.Options), JsonSerializer.Serialize(await _history.AskAsync(Query), VineJson.Options));
        foreach (var statement in MigrationScript.For(database.Store.Dialect).Single(script => script.Number == 18).Sql.Split(';', StringSplitOptions.TrimEntries))
        {
            if (statement.StartsWith("insert", StringComparison.Ordinal) || statement.StartsWith("update", StringComparison.Ordinal))
            {
                await WriteAsync(statement);
            }
        }

        Assert.Equal(JsonSerializer.Serialize(before, VineJson.Options), JsonSerializer.Serialize(await _history.AskAsync(Query), VineJson.Options));
    }

    [Fact]
    public async Task A_worker_is_up_from_when_it_speaks_until_it_last_spoke()
    {
        _history.At("10:00:00");
        var worker = await _history.Fleet.RegisterAsync("alpha");
        _history.At("10:10:00");
        await _history.Fleet.BeatAsync(worker);
        _history.At("10:12:00");
        await FallSilentAsync(worker);
        await _history.Fleet.DrainAsync(worker);
        _history.At("10:20:00");
        await _history.Fleet.BeatAsync(worker);
        _history.At("10:25:00");
        await _history.Fleet.DeregisterAsync(worker);
        _history.At("11:00:00");

        Assert.Equal(900, await FigureAsync("worker_uptime", "10:00:00", "11:00:00", "up_seconds"));
        Assert.Equal(1500, await FigureAsync("worker_uptime", "10:00:00", "11:00:00", "registered_seconds"));
    }

    [Fact]
    public async Task Too_much_for_one_answer_is_refused_with_what_to_do()
    {
        for (var n = 0; n < 35; n++)
        {
            await _history.Fleet.RegisterAsync($"worker-{n}");
        }

        var points = await Assert.ThrowsAsync<ProblemException>(() =>
            _history.AskAsync("?metric=worker_uptime&group=worker&bucket=minute&from=2029-12-31T00:00:00Z&to=2030-01-01T01:00:00Z"));
        Assert.Contains("and 'group' make 52500 points, and at most 50000 are given; choose", points.Errors!["bucket"].Single(), StringComparison.Ordinal);

        await WriteAsync("""
            insert into worker_spans (organization_id, worker_id, up_from, up_until)
            with recursive n (i) as (select 1 union all select i + 1 from n where i < 200000)
            select w.organization_id, w.id, w.created_at + i, w.created_at + i + 1 from n join workers w on w.name = 'worker-0'
            """);
        var spans = await Assert.ThrowsAsync<ProblemException>(() => _history.AskAsync("?metric=worker_uptime&to=2030-01-02T00:00:00Z"));
        Assert.Contains("enclose more than 200000 attempts or spells of workers", spans.Errors!["from"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_without_a_metric_asks_for_all_that_take_it()
    {
        var view = await _history.AskAsync("?group=end_reason");

        Assert.Equal([AnalyticsMetric.SessionDuration, AnalyticsMetric.ReuseRate, AnalyticsMetric.SessionsEnded], view.Metrics.Select(metric => metric.Metric));
        Assert.All(view.Metrics, metric => Assert.Empty(metric.Series));
    }

    [Theory]
    [InlineData("metric=thruput", "metric", "must be one of queue_depth, claim_latency,", "did you mean 'throughput'?")]
    [InlineData("bucket=week", "bucket", "must be one of minute, hour, day, not 'week'")]
    [InlineData("bucket=hour,day", "bucket", "must be one word, not 2")]
    [InlineData("group=team", "group", "must be one of repository, runtime, worker, priority, account, model, end_reason, not 'team'")]
    [InlineData("metric=worker_uptime&group=model", "group", "'model' is not for worker_uptime, which takes worker")]
    [InlineData("metric=throughput,queue_depth&group=worker", "group", "'worker' is not for queue_depth, which takes none")]
    [InlineData("from=yesterday", "from", "must be an RFC 3339 moment as in 2026-11-21T16:40:00Z, a + in it written %2B, not 'yesterday'")]
    [InlineData("to=2030-01-01", "to", "must be an RFC 3339 moment")]
    [InlineData("to=2030-01-01T10:00:00+01:00", "to", "a + in it written %2B, not '2030-01-01T10:00:00 01:00'")]
    [InlineData("from=2030-01-01T10:00:00Z&to=2030-01-01T10:00:00Z", "from", "must be before 'to'; 2030-01-01T10:00:00Z is not before 2030-01-01T10:00:00Z")]
    [InlineData("bucket=minute&from=2030-01-01T10:00:00Z&to=2030-01-02T11:00:01Z", "bucket", "cuts the range into 1501 pieces, and at most 1500 are given")]
    [InlineData("metrics=cost", "metrics", "is not a query parameter that this takes; did you mean 'metric'?")]
    public async Task A_question_without_an_answer_is_refused_with_the_rule(string query, string field, params string[] words)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(() => _history.AskAsync("?" + query));

        Assert.Equal((400, ErrorCodes.ValidationFailed), (refusal.Status, refusal.Code));
        Assert.All(words, each => Assert.Contains(each, refusal.Errors![field].Single(), StringComparison.Ordinal));
    }

    private async Task<decimal?> FigureAsync(string metric, string from, string to, string figure) =>
        (await _history.AskAsync($"?metric={metric}&from=2030-01-01T{from}Z&to=2030-01-01T{to}Z")).Metrics.Single().Series.Single().Points.Single().Values[figure];

    private Task<long> CountAsync(string table) => database.Store.ReadAsync(
        Organizations.Default, session => session.FirstOrDefaultAsync<long>($"select count(*) from {table}"), default);

    private Task FallSilentAsync(Guid worker) => database.Store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            await WorkerRegistry.SetStatusAsync(unit, await WorkerRegistry.GetAsync(unit, worker), Contracts.Workers.WorkerStatus.Offline, "silent");
            return true;
        },
        default);

    private Task WriteAsync(string sql) => database.Store.WriteAsync(Organizations.Default, unit => unit.ExecuteAsync(sql), default);

    private static MetricView Of(AnalyticsView view, AnalyticsMetric metric) => view.Metrics.Single(each => each.Metric == metric);

    private static void Is(AnalyticsView view, AnalyticsMetric metric, params string[] buckets)
    {
        var series = Assert.Single(Of(view, metric).Series);
        Assert.Null(series.Group);
        Assert.Equal(buckets.Select(bucket => $"{metric}: {bucket}"), series.Points.Select(point => $"{metric}: {Words(point.Values)}"));
    }

    private static string Words(IReadOnlyDictionary<string, decimal?> values) => string.Join(' ', values.Select(value => $"{value.Key} {Number(value.Value)}"));

    private static string Number(decimal? value) => value?.ToString("0.######", System.Globalization.CultureInfo.InvariantCulture) ?? "-";
}
