using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Testing.Databases;
using AgentVine.Testing.Time;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentVine.Engine.Tests.Storage;

/// <summary>The log over HTTP: pages, and the stream.</summary>
public sealed class EventRoutesTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly SqliteDatabase _database = new();
    private readonly ManualTime _time = new();
    private WebApplication? _app;
    private HttpClient? _client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Client => _client!;

    public async ValueTask InitializeAsync()
    {
        await _database.InitializeAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_database.Store);
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddKernelHttp().AddEvents();
        _app = builder.Build();
        _app.UseKernelHttp();
        _app.MapEvents();
        await _app.StartAsync(Cancellation);
        _client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()), Timeout = Timeout.InfiniteTimeSpan };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app!.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Pages_LeadFromOneToTheNext()
    {
        await AppendAsync(5);

        var first = await Client.GetAsync("/api/v1/events?limit=2", Cancellation);
        var second = await Client.GetAsync(Next(first), Cancellation);
        var third = await Client.GetAsync(Next(second), Cancellation);

        Assert.Equal("5", first.Headers.GetValues("Event-Sequence").Single());
        Assert.Equal([1L, 2L], await SequencesAsync(first));
        Assert.Equal([3L, 4L], await SequencesAsync(second));
        Assert.Equal([5L], await SequencesAsync(third));
        Assert.False(third.Headers.Contains("Link"));
    }

    [Fact]
    public async Task Pages_AreFiltered()
    {
        var task = Guid.NewGuid();
        await AppendAsync(1);
        await AppendAsync(1, EventTypes.TaskStatusChanged, task);
        await AppendAsync(1, EventTypes.MessagePosted, task);

        Assert.Equal([2L, 3L], await SequencesAsync(await Client.GetAsync($"/api/v1/events?task_id={task}", Cancellation)));
        Assert.Equal([1L, 3L], await SequencesAsync(await Client.GetAsync("/api/v1/events?types=task.created,message.posted", Cancellation)));
        Assert.Equal([3L], await SequencesAsync(await Client.GetAsync($"/api/v1/events?after=2&task_id={task}&types=message.posted", Cancellation)));
    }

    [Theory]
    [InlineData("", "after=x", "after")]
    [InlineData("", "after=-1", "after")]
    [InlineData("", "limit=0", "limit")]
    [InlineData("", "limit=1001", "limit")]
    [InlineData("", "task_id=7", "task_id")]
    [InlineData("", "types=task.creatd", "types")]
    [InlineData("", "sinse=7", "sinse")]
    [InlineData("/stream", "after=x", "after")]
    [InlineData("/stream", "types=", "types")]
    public async Task Parameters_AreRefusedByName(string route, string query, string field)
    {
        var response = await Client.GetAsync($"/api/v1/events{route}?{query}", Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<Problem>(VineJson.Options, Cancellation);
        Assert.Equal(ErrorCodes.ValidationFailed, problem!.Code);
        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Theory]
    [InlineData("/api/v1/events?after=1")]
    [InlineData("/api/v1/events/stream?after=1")]
    public async Task EventsPastRetention_AreGone(string route)
    {
        await AppendAsync(3);
        await PruneAsync(2);

        var response = await Client.GetAsync(route, Cancellation);

        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal(ErrorCodes.EventsPruned, (await response.Content.ReadFromJsonAsync<Problem>(VineJson.Options, Cancellation))!.Code);
        Assert.Equal([3L], await SequencesAsync(await Client.GetAsync("/api/v1/events", Cancellation)));
    }

    [Fact]
    public async Task Stream_GoesOnAfterAfter_AndFollowsCommits()
    {
        await AppendAsync(3);
        using var stream = await FollowAsync("?after=1");

        Assert.Equal("text/event-stream", stream.ContentType);
        Assert.Equal([2L, 3L], await stream.SequencesAsync(2));
        await AppendAsync(2);
        Assert.Equal([4L, 5L], await stream.SequencesAsync(2));
        Assert.Equal(EventTypes.TaskCreated, stream.LastType);
    }

    [Fact]
    public async Task Stream_StartsNow_WithoutAfter()
    {
        await AppendAsync(3);
        using var stream = await FollowAsync("");

        await AppendAsync(1);

        Assert.Equal([4L], await stream.SequencesAsync(1));
    }

    [Fact]
    public async Task Stream_PrefersLastEventId_ToAfter()
    {
        await AppendAsync(3);
        using var stream = await FollowAsync("?after=0", lastEventId: "2");

        Assert.Equal([3L], await stream.SequencesAsync(1));
    }

    [Fact]
    public async Task Stream_RefusesLastEventId_WhenItIsNoSequence()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/stream");
        request.Headers.Add("Last-Event-ID", "yesterday");

        var response = await Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Stream_PassesOverWhatTheFilterLeavesOut()
    {
        using var stream = await FollowAsync("?types=message.posted");

        await AppendAsync(450);
        await AppendAsync(1, EventTypes.MessagePosted);
        await AppendAsync(1);
        await AppendAsync(1, EventTypes.MessagePosted);

        Assert.Equal([451L, 453L], await stream.SequencesAsync(2));
    }

    [Fact]
    public async Task Stream_DeliversEveryEventOnceInOrder_WhileManyCommit()
    {
        using var stream = await FollowAsync("");

        var writes = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await AppendAsync(1);
            }
        })).ToList();

        Assert.Equal(Enumerable.Range(1, 400).Select(sequence => (long)sequence), await stream.SequencesAsync(400));
        await Task.WhenAll(writes);
    }

    [Fact]
    public async Task Stream_SaysThatItLives_AfterSilence()
    {
        using var stream = await FollowAsync("");
        for (var beat = 0; beat < 2; beat++)
        {
            await UntilAsync(() => _time.Timers > 0, "the stream waits");
            _time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(": keep-alive", await stream.LineAsync());
            Assert.Equal("", await stream.LineAsync());
        }

        await AppendAsync(1);
        Assert.Equal([1L], await stream.SequencesAsync(1));
    }

    [Fact]
    public async Task Stream_Ends_WhenHostStops()
    {
        using var stream = await FollowAsync("");

        await _app!.StopAsync(Cancellation);

        Assert.Null(await stream.LineAsync());
    }

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < Patience, $"Waited in vain until {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
        }
    }

    private static string Next(HttpResponseMessage response)
    {
        var link = response.Headers.GetValues("Link").Single();
        Assert.EndsWith("; rel=\"next\"", link, StringComparison.Ordinal);
        return link[1..link.IndexOf('>', StringComparison.Ordinal)];
    }

    private static async Task<IEnumerable<long>> SequencesAsync(HttpResponseMessage response)
    {
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<EventView[]>(VineJson.Options, Cancellation))!.Select(view => view.Sequence);
    }

    private async Task<EventReader> FollowAsync(string query, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events/stream{query}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await EventReader.OpenAsync(response, Patience);
    }

    private Task<int> AppendAsync(int count, string type = EventTypes.TaskCreated, Guid? task = null) => _database.Store.WriteAsync(
        Organizations.Default,
        unit =>
        {
            for (var i = 0; i < count; i++)
            {
                unit.Append(new EventDraft(type, task));
            }

            return Task.FromResult(0);
        },
        Cancellation);

    private Task<int> PruneAsync(long through) => _database.Store.WriteAsync(
        Organizations.Default,
        async unit =>
        {
            await unit.ExecuteAsync("delete from events where sequence <= @Through", new { Through = through });
            return await unit.ExecuteAsync("update event_counters set pruned_through = @Through", new { Through = through });
        },
        Cancellation);
}
