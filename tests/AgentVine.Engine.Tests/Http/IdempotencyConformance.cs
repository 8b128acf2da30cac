using System.Net;
using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Testing.Databases;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

/// <summary>What repeated writes owe their caller, on whatever database.</summary>
public abstract class IdempotencyConformance(TestDatabase database) : IAsyncLifetime
{
    private const string Insert = "insert into organizations (id, name, created_at) values (@id, @title, 0)";
    private const string Body = """{"title":"a","repository_url":"r"}""";

    private HttpServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await HttpServer.StartAsync(
        routes =>
        {
            var group = routes.MapGroup("").AllowOpen();
            group.MapPost("/tasks", CreateAsync);
            group.MapPost("/others", CreateAsync);
            group.MapPost("/empty", (HttpContext context, IdempotentWrite idempotent, CancellationToken cancellationToken) =>
                idempotent.CreateAsync(context, body: null, unit => AddAsync(unit, "empty"), cancellationToken));
        },
        store: database.Store);

    [Fact]
    public async Task Reply_IsGivenAgain_WhenTheRequestIsRepeated()
    {
        var first = await PostAsync("/tasks", Body, "repeat");
        var second = await PostAsync("/tasks", """{ "repository_url" : "r", "title" : "\u0061" }""", "repeat");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, second.StatusCode));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.StartsWith("/api/v1/tasks/", first.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Reply_IsGivenAgain_AfterARestart()
    {
        var first = await PostAsync("/tasks", Body, "restart");
        await _server.DisposeAsync();
        await database.ReopenAsync();
        await InitializeAsync();

        var second = await PostAsync("/tasks", Body, "restart");

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Request_IsRefused_WhenItsKeyBelongsToAnotherBody()
    {
        await PostAsync("/tasks", Body, "reused");

        var reply = await PostAsync("/tasks", """{"title":"b","repository_url":"r"}""", "reused");

        var problem = await reply.ProblemAsync(422, ErrorCodes.IdempotencyKeyReused);
        Assert.Contains("'reused' belongs to an earlier POST /tasks", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_BelongsToItsRoute()
    {
        var here = await PostAsync("/tasks", Body, "route");
        var there = await PostAsync("/others", Body, "route");

        Assert.NotEqual(await here.Content.ReadAsStringAsync(), await there.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Everything_IsWrittenEachTime_WhenThereIsNoKey()
    {
        var first = await PostAsync("/tasks", Body, key: null);
        var second = await PostAsync("/tasks", Body, key: null);

        Assert.NotEqual(first.Headers.Location, second.Headers.Location);
    }

    [Fact]
    public async Task Route_WithoutABody_RepeatsItsReplyToo()
    {
        var first = await PostAsync("/empty", null, "empty");
        var second = await PostAsync("/empty", null, "empty");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
    }

    [Fact]
    public async Task OneWrites_WhenTwinsArriveTogether()
    {
        var title = Guid.NewGuid().ToString();
        var body = $$"""{"title":"{{title}}","repository_url":"r"}""";

        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => PostAsync("/tasks", body, "twins")));

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.Created, reply.StatusCode));
        Assert.Single((await Task.WhenAll(replies.Select(reply => reply.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(23, replies.Count(reply => reply.Headers.Contains("Idempotency-Replayed")));
        Assert.Equal(1, await CountAsync("select count(*) from organizations where name = @title", new { title }));
    }

    [Fact]
    public async Task Key_IsFree_WhenTheWriteWasRefused()
    {
        var refused = await PostAsync("/tasks", """{"title":"refuse","repository_url":"r"}""", "free");
        var taken = await PostAsync("/tasks", Body, "free");

        await refused.ProblemAsync(404, ErrorCodes.TasksNotFound);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        Assert.False(taken.Headers.Contains("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("a\tb")]
    public async Task Key_IsRefused_WhenItIsNotVisibleAscii(string key)
    {
        var problem = await (await PostAsync("/tasks", Body, key)).ProblemAsync(400, ErrorCodes.ValidationFailed);

        Assert.Contains("1 to 255 visible ASCII characters", problem.Errors!["Idempotency-Key"].Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_IsRefused_WhenItIsTooLong()
    {
        var fits = await PostAsync("/tasks", Body, new string('k', 255));
        var tooLong = await PostAsync("/tasks", Body, new string('k', 256));

        Assert.Equal(HttpStatusCode.Created, fits.StatusCode);
        await tooLong.ProblemAsync(400, ErrorCodes.ValidationFailed);
    }

    [Fact]
    public async Task Key_IsRefused_WhenThereAreTwo()
    {
        var reply = await _server.RawAsync(
            $"POST /tasks HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}");

        Assert.Equal((400, ErrorCodes.ValidationFailed), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Cleaner_ForgetsKeysOfYesterday_AndNoOthers()
    {
        await PostAsync("/tasks", Body, "old");
        await PostAsync("/tasks", Body, "young");
        await AgeAsync("old", IdempotencyKeyCleaner.Kept + TimeSpan.FromMinutes(1));
        await AgeAsync("young", IdempotencyKeyCleaner.Kept - TimeSpan.FromMinutes(1));
        using var cleaner = new IdempotencyKeyCleaner(database.Store, TimeProvider.System, NullLogger<IdempotencyKeyCleaner>.Instance);

        await cleaner.CleanAsync(CancellationToken.None);

        Assert.Equal(0, await CountAsync("select count(*) from idempotency_keys where key = @key", new { key = "old" }));
        Assert.Equal(1, await CountAsync("select count(*) from idempotency_keys where key = @key", new { key = "young" }));
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private static Task<CreatedReply<TaskName>> CreateAsync(
        HttpContext context, Body<CreateTaskRequest> body, IdempotentWrite idempotent, CancellationToken cancellationToken) =>
        idempotent.CreateAsync(context, body.Value, unit => AddAsync(unit, body.Value.Title!), cancellationToken);

    private static async Task<NewResource<TaskName>> AddAsync(IUnitOfWork unit, string title)
    {
        var id = Guid.NewGuid();
        await unit.ExecuteAsync(Insert, new { id, title });
        return title == "refuse"
            ? throw new ProblemException(404, ErrorCodes.TasksNotFound, "There is no such task.")
            : new NewResource<TaskName>($"/api/v1/tasks/{id}", new TaskName(id, title));
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string? body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : Replies.Json(body) };
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        return await _server.Client.SendAsync(request);
    }

    private Task<long> CountAsync(string sql, object parameters) =>
        database.Store.ReadAsync(Organizations.Default, read => read.FirstOrDefaultAsync<long>(sql, parameters), CancellationToken.None);

    private Task<int> AgeAsync(string key, TimeSpan age) =>
        database.Store.WriteAsync(
            Organizations.Default,
            unit => unit.ExecuteAsync("update idempotency_keys set created_at = @then where key = @key", new { then = unit.Now - age.Micros(), key }),
            CancellationToken.None);

    private sealed record TaskName(Guid Id, string Title);
}
