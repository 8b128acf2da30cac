using System.Text;
using System.Text.Json;
using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.System.Tests.Cli;

public sealed class VineClientTests
{
    private static readonly CreateTaskRequest Wish = new() { Title = "a", RepositoryUrl = "https://host/r" };

    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CreateTask_SendsOneKeyAgain_WhenTheAnswerIsLost()
    {
        await using var api = await FakeApi.StartAsync();
        var tries = 0;
        api.On("POST /api/v1/tasks", context =>
        {
            if (++tries < 3)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return FakeApi.WriteAsync(context, 201, "application/json", Views.Task());
        });
        using var client = Client(api.Url);

        var task = await client.CreateTaskAsync(Wish, Ended);

        Assert.Equal(Views.Task().Id, task.Id);
        var keys = api.AllReceived.Select(received => received.Headers["Idempotency-Key"]).ToList();
        Assert.Equal(3, keys.Count);
        Assert.Single(keys.Distinct());
    }

    [Fact]
    public async Task CreateTask_IsNotSentAgain_WhenRefused()
    {
        await using var api = await FakeApi.StartAsync();
        api.Refuse("POST /api/v1/tasks", 400, ErrorCodes.ValidationFailed, "title must not be blank");
        using var client = Client(api.Url);

        var refusal = await Assert.ThrowsAsync<VineApiException>(() => client.CreateTaskAsync(Wish, Ended));

        Assert.Equal((400, ErrorCodes.ValidationFailed, "title must not be blank"), (refusal.Status, refusal.Code, refusal.Message));
        Assert.Single(api.AllReceived);
    }

    [Fact]
    public async Task Call_NamesServerAndNextStep_WhenNothingListens()
    {
        var api = await FakeApi.StartAsync();
        await api.DisposeAsync();
        using var client = Client(api.Url);

        var fault = await Assert.ThrowsAsync<VineUnreachableException>(() => client.CreateTaskAsync(Wish, Ended));

        var server = api.Url.GetLeftPart(UriPartial.Authority);
        Assert.Equal($"no AgentVine server answers at {server}; start one with `vine up`, or name another with --server", fault.Message);
        Assert.False(fault.MayHaveArrived);
    }

    [Fact]
    public async Task Call_BuildsAProblem_WhenTheAnswerHoldsNone()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/workers", context =>
        {
            context.Response.StatusCode = 502;
            return context.Response.WriteAsync("<html>bad gateway</html>");
        });
        using var client = Client(api.Url);

        var refusal = await Assert.ThrowsAsync<VineApiException>(() => client.ListWorkersAsync(Ended));

        Assert.Equal(502, refusal.Status);
        Assert.Null(refusal.Code);
        Assert.Contains("GET /api/v1/workers", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_AddsTheRulesThatAFieldBreaks_WhenTheDetailDoesNotSayThem()
    {
        await using var api = await FakeApi.StartAsync();
        var problem = new Problem { Status = 400, Detail = "The body is wrong.", Errors = new Dictionary<string, IReadOnlyList<string>> { ["title"] = ["is required"] } };
        api.On("GET /api/v1/workers", context => FakeApi.WriteAsync(context, 400, "application/problem+json", problem));
        using var client = Client(api.Url);

        var refusal = await Assert.ThrowsAsync<VineApiException>(() => client.ListWorkersAsync(Ended));

        Assert.Equal("The body is wrong; title: is required", refusal.Message);
    }

    [Fact]
    public async Task Call_SaysSo_WhenAnotherProgramAnswers()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/workers", context => context.Response.WriteAsync("<html>hello</html>"));
        using var client = Client(api.Url);

        var fault = await Assert.ThrowsAsync<VineUnreachableException>(() => client.ListWorkersAsync(Ended));

        Assert.Contains("does not speak as an AgentVine server", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_GivesUp_WhenTheServerIsSilent()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/workers", context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        using var client = new VineClient(new VineClientOptions { Server = api.Url, Timeout = TimeSpan.FromMilliseconds(300) });

        var fault = await Assert.ThrowsAsync<VineUnreachableException>(() => client.ListWorkersAsync(Ended));

        Assert.True(fault.MayHaveArrived);
        Assert.Contains("did not answer", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_IsCancelled_WhenTheCallerGivesUp()
    {
        await using var api = await FakeApi.StartAsync();
        using var given = new CancellationTokenSource();
        api.On("GET /api/v1/workers", async context =>
        {
            await given.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        });
        using var client = Client(api.Url);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ListWorkersAsync(given.Token));
    }

    [Fact]
    public async Task Claim_GivesNothing_WhenThereIsNoWork()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("POST /api/v1/queue/claim", context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        using var client = Client(api.Url);

        Assert.Null(await client.ClaimAsync(new ClaimRequest { WorkerId = Guid.NewGuid(), ClaimId = Guid.NewGuid() }, Ended));
    }

    [Fact]
    public async Task List_ReadsCursorAndSequence_FromTheHeaders()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/tasks", context =>
        {
            context.Response.Headers.Link = "</api/v1/tasks?limit=1&after=0197%2Fx>; rel=\"next\"";
            context.Response.Headers["Event-Sequence"] = "42";
            return FakeApi.WriteAsync(context, 200, "application/json", new[] { Views.Task() });
        });
        using var client = Client(api.Url);

        var page = await client.ListTasksAsync(AgentTaskStatus.InProgress, 1, "a b", Ended);

        Assert.Equal(("0197/x", 42L), (page.Next, page.EventSequence));
        Assert.Equal("?status=in_progress&limit=1&after=a%20b", api.AllReceived[0].Query);
    }

    [Fact]
    public async Task Health_IsRead_WhenTheServerIsUnhealthy()
    {
        await using var api = await FakeApi.StartAsync();
        api.Reply("GET /health", new HealthView(HealthStatus.Unhealthy, [new HealthPart("storage", HealthStatus.Unhealthy, "disk full")]), 503);
        using var client = Client(api.Url);

        Assert.Equal(HealthStatus.Unhealthy, (await client.GetHealthAsync(Ended)).Status);
    }

    [Fact]
    public async Task StoreBranch_StreamsTheBundle()
    {
        await using var api = await FakeApi.StartAsync();
        var execution = Guid.NewGuid();
        var route = $"PUT /api/v1/executions/{execution}/branch";
        api.Reply(route, new StoreBranchResponse("vine/x", "c", new DiffStat(1, 2, 3)));
        using var client = Client(api.Url);

        var stored = await client.StoreBranchAsync(execution, "c", "b", new MemoryStream("bundle"u8.ToArray()), Ended);

        Assert.Equal(new DiffStat(1, 2, 3), stored.DiffStat);
        var received = Assert.Single(api.ReceivedOn(route));
        Assert.Equal(("?commit=c&base=b", "bundle", "application/x-git-bundle"), (received.Query, received.Body, received.Headers["Content-Type"]));
    }

    [Fact]
    public async Task StreamEvents_GoesOnAfterTheLastOne_WhenConnectionsEnd()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/events/stream", async context =>
        {
            // The last event of the connection before, one more, and then the connection ends.
            var after = long.Parse(context.Request.Headers["Last-Event-ID"].FirstOrDefault() ?? "0", null);
            await BeginAsync(context);
            await SendAsync(context, Math.Max(after, 1), after + 1);
        });
        using var client = Client(api.Url);

        var seen = new List<long>();
        await foreach (var item in client.StreamEventsAsync(new EventFilter(TaskId: Views.Task().Id), Ended))
        {
            seen.Add(item.Sequence);
            if (seen.Count == 4)
            {
                break;
            }
        }

        Assert.Equal([1, 2, 3, 4], seen);
        Assert.Contains("task_id=" + Views.Task().Id, api.AllReceived[^1].Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamEvents_ConnectsAnew_WhenTheConnectionIsSilent()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/events/stream", async context =>
        {
            await BeginAsync(context);
            if (context.Request.Headers.ContainsKey("Last-Event-ID"))
            {
                await SendAsync(context, 2);
            }
            else
            {
                await SendAsync(context, 1);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        using var client = new VineClient(new VineClientOptions { Server = api.Url, StreamSilence = TimeSpan.FromMilliseconds(300) });

        var seen = new List<long>();
        await foreach (var item in client.StreamEventsAsync(new EventFilter(), Ended))
        {
            seen.Add(item.Sequence);
            if (seen.Count == 2)
            {
                break;
            }
        }

        Assert.Equal([1, 2], seen);
    }

    [Fact]
    public async Task StreamEvents_Throws_WhenEventsArePrunedMeanwhile()
    {
        await using var api = await FakeApi.StartAsync();
        api.On("GET /api/v1/events/stream", async context =>
        {
            if (context.Request.Headers.ContainsKey("Last-Event-ID"))
            {
                await FakeApi.WriteAsync(context, 410, "application/problem+json", new Problem { Status = 410, Code = ErrorCodes.EventsPruned, Detail = "gone" });
                return;
            }

            await BeginAsync(context);
            await SendAsync(context, 1);
        });
        using var client = Client(api.Url);

        var refusal = await Assert.ThrowsAsync<VineApiException>(async () =>
        {
            await foreach (var item in client.StreamEventsAsync(new EventFilter(), Ended))
            {
                Assert.Equal(1, item.Sequence);
            }
        });

        Assert.Equal(ErrorCodes.EventsPruned, refusal.Code);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("line\nbreak")]
    [InlineData("umläut")]
    public void Client_RefusesAKey_ThatNoHeaderCarries(string key) =>
        Assert.Throws<ArgumentException>(() => new VineClient(new VineClientOptions { Server = LocalServer.DefaultUrl, Key = key }));

    private static VineClient Client(Uri server) => new(new VineClientOptions { Server = server });

    private static async Task BeginAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(": hello\n\n");
    }

    private static async Task SendAsync(HttpContext context, params long[] sequences)
    {
        foreach (var sequence in sequences.Distinct())
        {
            var item = new EventView { Sequence = sequence, Type = EventTypes.TaskCreated, At = Views.Then };
            await context.Response.WriteAsync($"id: {sequence}\nevent: {item.Type}\ndata: {JsonSerializer.Serialize(item, VineJson.Options)}\n\n", Encoding.UTF8);
            await context.Response.Body.FlushAsync();
        }
    }
}
