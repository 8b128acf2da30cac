using System.Text.RegularExpressions;
using AgentVine.Cli;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Analytics;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed partial class TopCommandTests
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";

    [Fact]
    public async Task Once_ShowsTheFleet_WithoutColoursOrMoreThanTheTerminalsColumns()
    {
        await using var api = await FleetAsync();

        var run = await new CommandLineRun.Setup { Server = api.Url, Terminal = true, Columns = 80 }.RunAsync("top", "--once");

        Assert.Equal((ExitCode.Ok, ""), (run.Code, run.Error));
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.All(run.Lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("last hour  12 completed, 1 failed (92%) · claimed in 0.3s, p95 41s · $1.50", run.Lines);
        Assert.Contains("account plan limited until", run.Out, StringComparison.Ordinal);
        Assert.Contains(": weekly limit", run.Out, StringComparison.Ordinal);
        Assert.Matches("^9f3a1c22  Implement use…", run.Lines.Single(line => line.Contains("in progress", StringComparison.Ordinal)));
        Assert.Matches("in progress  claude-sonn…  worker-1  .* +\\$0.1200$", run.Lines.Single(line => line.Contains("in progress", StringComparison.Ordinal)));
        Assert.Matches("^1a2b3c4d   question     .*Which colour", run.Lines.Single(line => line.Contains("question", StringComparison.Ordinal)));
        Assert.Matches("^9f3a1c22   dead letter  .*Implement user authentication", run.Lines.Single(line => line.Contains("dead letter", StringComparison.Ordinal)));
        Assert.Matches("^worker-1  busy    1 of 2  37%", run.Lines.Single(line => line.Contains("1 of 2", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Pipe_GetsOneFrame_WithNothingCut()
    {
        await using var api = await FleetAsync();

        var run = await CommandLineRun.Of(api, "top");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Contains("Implement user authentication  1    in progress  claude-sonnet-4-5-20250929  worker-1", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('…', run.Out);
    }

    [Fact]
    public async Task Json_TellsTheSameFrame()
    {
        await using var api = await FleetAsync();

        var run = await CommandLineRun.Of(api, "top", "--json");

        Assert.Equal(ExitCode.Ok, run.Code);
        Assert.Equal("default", run.Json.GetProperty("queues")[0].GetProperty("name").GetString());
        Assert.Equal("weekly limit", run.Json.GetProperty("accounts")[0].GetProperty("reason").GetString());
        Assert.Equal(0.37m, run.Json.GetProperty("workers")[0].GetProperty("utilisation").GetDecimal());
        Assert.Equal("in_progress", run.Json.GetProperty("running")[0].GetProperty("status").GetString());
        Assert.Equal(0.12m, run.Json.GetProperty("running")[0].GetProperty("cost_usd").GetDecimal());
        Assert.Equal("Which colour?", run.Json.GetProperty("requests")[0].GetProperty("title").GetString());
        Assert.Equal("no_credit", run.Json.GetProperty("dead_letters")[0].GetProperty("cause").GetString());
        Assert.Equal(41.2m, run.Json.GetProperty("last_hour").GetProperty("claim_p95_seconds").GetDecimal());
    }

    [Fact]
    public async Task EmptyFleet_IsSaidInWords()
    {
        await using var api = await FakeApi.StartAsync();
        Answer(api, [], [], [], [], []);

        var run = await CommandLineRun.Of(api, "top", "--once");

        Assert.Contains("nothing runs\n\nnothing needs you\n\nno workers; `vine up` brings its own", run.Out, StringComparison.Ordinal);
        Assert.Contains("last hour  12 completed", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ForeignText_MovesNoCursor()
    {
        await using var api = await FakeApi.StartAsync();
        Answer(api, [Running with { Title = "a\u001b[2Jb" }], [], [Question with { Title = "c\nd" }], [], [new AccountStatus("x", null, AccountState.Closed, "e\u001b[0mf")]);

        var run = await CommandLineRun.Of(api, "top");

        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("a␛[2Jb", run.Out, StringComparison.Ordinal);
        Assert.Contains("c d", run.Out, StringComparison.Ordinal);
        Assert.Contains("e␛[0mf", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(50, 14)]
    [InlineData(40, 8)]
    public async Task Screen_FitsTheTerminal_AndGivesItBackHoweverItEnds(int columns, int rows)
    {
        await using var api = await FakeApi.StartAsync();
        var many = Enumerable.Range(0, 60).Select(n => Running with { Id = Views.Id($"{n:x8}") }).ToArray();
        Answer(api, many, [.. Enumerable.Range(0, 30).Select(n => Worker with { Id = Views.Id($"c{n:x7}"), Name = $"worker-{n}" })], [Question], [], []);
        api.On("GET /api/v1/events/stream", async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: {\"sequence\":8,\"type\":\"task.created\",\"at\":\"2026-11-21T10:00:00Z\"}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var looks = 0;
        api.On("GET /api/v1/queue/status", context => Interlocked.Increment(ref looks) <= 2
            ? FakeApi.WriteAsync(context, 200, "application/json", new QueueStatus([], []))
            : FakeApi.WriteAsync(context, 403, "application/problem+json", new Contracts.Problem { Status = 403, Detail = "No more." }));

        var run = await new CommandLineRun.Setup { Server = api.Url, Terminal = true, Repaints = true, Colors = true, Columns = columns, Rows = rows }.RunAsync("top");

        Assert.Equal((ExitCode.Refused, "vine: No more.\n"), (run.Code, run.Error));
        Assert.Contains("after=7", Assert.Single(api.ReceivedOn("GET /api/v1/events/stream")).Query, StringComparison.Ordinal);
        Assert.StartsWith(Enter, run.Out, StringComparison.Ordinal);
        Assert.EndsWith(Leave, run.Out, StringComparison.Ordinal);
        var frames = run.Out[Enter.Length..^Leave.Length].Split("\u001b[H", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, frames.Length);
        Assert.All(frames, frame =>
        {
            var lines = Escapes().Replace(frame, "").Split("\r\n");
            Assert.True(lines.Length <= rows, $"{lines.Length} lines");
            Assert.All(lines, line => Assert.True(line.Length <= columns, line));
            Assert.StartsWith("vine top", lines[0], StringComparison.Ordinal);
        });
        if (rows > 8)
        {
            Assert.Contains(" more", frames[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Screen_WaitsForAServerThatIsGone_AndSaysSo()
    {
        await using var api = await FleetAsync();
        var looks = 0;
        var status = new QueueStatus([], []);
        api.On("GET /api/v1/queue/status", context => Interlocked.Increment(ref looks) switch
        {
            2 => FakeApi.WriteAsync(context, 503, "application/problem+json", new Contracts.Problem { Status = 503, Detail = "Starting." }),
            <= 3 => FakeApi.WriteAsync(context, 200, "application/json", status),
            _ => FakeApi.WriteAsync(context, 403, "application/problem+json", new Contracts.Problem { Status = 403, Detail = "No more." }),
        });

        var run = await new CommandLineRun.Setup { Server = api.Url, Terminal = true, Repaints = true }.RunAsync("top");

        var said = run.Out.Split("\u001b[H").Skip(1).Select(frame => frame.Contains("the server is gone; waiting for it", StringComparison.Ordinal));
        Assert.Equal([false, true, false], said);
    }

    private static TaskView Running { get; } = Views.Task(status: AgentTaskStatus.InProgress) with
    {
        Attempt = 1,
        WorkerId = Views.Id("0000c001"),
        StartedAt = Views.Then,
        SpentUsd = 0.12m,
    };

    private static WorkerView Worker { get; } = new()
    {
        Id = Views.Id("0000c001"),
        Name = "worker-1",
        Status = WorkerStatus.Busy,
        Slots = 2,
        Leased = 1,
        Runtimes = ["claude-code"],
        CreatedAt = Views.Then,
        LastSeenAt = Views.Then,
    };

    private static RequestView Question { get; } = Views.Request(RequestKind.Question) with { Title = "Which colour?" };

    private static async Task<FakeApi> FleetAsync()
    {
        var api = await FakeApi.StartAsync();
        var dead = new DeadLetterView
        {
            Id = Views.Task().Id,
            Title = "Implement user authentication",
            Cause = FailureCause.NoCredit,
            Words = "The credit is used up.",
            Message = "Credit balance is too low",
            Since = Views.Then,
            KeepUntil = Views.Then.AddDays(7),
            Task = Views.Task(status: AgentTaskStatus.Failed),
        };
        Answer(api, [Running], [Worker], [Question], [dead], [new AccountStatus("plan", Views.Then.AddHours(2), AccountState.Limited, "weekly limit")]);
        return api;
    }

    private static void Answer(
        FakeApi api, TaskView[] running, WorkerView[] workers, RequestView[] requests, DeadLetterView[] dead, AccountStatus[] closed) => api
        .On("GET /api/v1/tasks", context =>
        {
            context.Response.Headers["Event-Sequence"] = "7";
            return FakeApi.WriteAsync(context, 200, "application/json", context.Request.Query["status"] == "in_progress" ? running : []);
        })
        .On("GET /api/v1/sessions", context => FakeApi.WriteAsync(
            context, 200, "application/json", context.Request.Query["status"] == "active" ? running.Select(Session).ToArray() : []))
        .On("GET /api/v1/analytics", context => FakeApi.WriteAsync(
            context, 200, "application/json", context.Request.Query.ContainsKey("group") ? Utilisation(workers) : LastHour()))
        .Reply("GET /api/v1/queue/status", new QueueStatus([new QueueDepth("default", 3, 0, 0, 1, 2, 90)], closed))
        .Reply("GET /api/v1/workers", workers)
        .Reply("GET /api/v1/requests", requests)
        .Reply("GET /api/v1/queue/dead-letter", dead);

    private static SessionView Session(TaskView task) => new()
    {
        Id = Views.Id("0000b001"),
        SessionId = "s-1",
        TaskId = task.Id,
        ExecutionId = Views.Id("0000e001"),
        WorkerId = Views.Id("0000c001"),
        Runtime = "claude-code",
        Model = "claude-sonnet-4-5-20250929",
        Status = SessionStatus.Active,
        CreatedAt = Views.Then,
        LastActivityAt = Views.Then,
        TasksServed = 1,
    };

    private static AnalyticsView LastHour() => View(
        null,
        Metric(AnalyticsMetric.Throughput, (null, new() { ["completed"] = 12 })),
        Metric(AnalyticsMetric.CompletionRate, (null, new() { ["rate"] = 0.923077m })),
        Metric(AnalyticsMetric.FailedRate, (null, new() { ["failed"] = 1 })),
        Metric(AnalyticsMetric.ClaimLatency, (null, new() { ["count"] = 13, ["p50"] = 0.3m, ["p95"] = 41.2m })),
        Metric(AnalyticsMetric.Cost, (null, new() { ["usd"] = 1.5m })));

    private static AnalyticsView Utilisation(IEnumerable<WorkerView> workers) => View(
        AnalyticsGroup.Worker,
        Metric(AnalyticsMetric.WorkerUtilisation, [.. workers.Select(worker => ((string?)worker.Name, new Dictionary<string, decimal?> { ["share"] = 0.37m }))]));

    private static AnalyticsView View(AnalyticsGroup? group, params MetricView[] metrics) =>
        new(Views.Then.AddHours(-1), Views.Then, null, group, Views.Then, metrics);

    private static MetricView Metric(AnalyticsMetric metric, params (string? Group, Dictionary<string, decimal?> Values)[] series) =>
        new(metric, "", [.. series.Select(each => new MetricSeries(each.Group, [new MetricPoint(Views.Then.AddHours(-1), Views.Then, each.Values)]))]);

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Escapes();
}
