using System.Text.Json.Nodes;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class ApiDescriptionTests(ApiDescriptionTests.DescribedServer fixture) : IClassFixture<ApiDescriptionTests.DescribedServer>
{
    [Fact]
    public async Task Document_IsOpenApi31_WithTheKeyAsItsScheme()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1", (string?)document["openapi"], StringComparison.Ordinal);
        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["key"]!["scheme"]);
        Assert.NotNull(document["components"]!["schemas"]!["Problem"]!["properties"]!["trace_id"]);
    }

    [Fact]
    public async Task Body_IsDescribedWithItsRules()
    {
        var document = await DocumentAsync();
        var post = document["paths"]!["/api/v1/tasks"]!["post"]!;
        var schema = Resolve(document, post["requestBody"]!["content"]!["application/json"]!["schema"]!);

        Assert.True((bool)post["requestBody"]!["required"]!);
        Assert.Equal(["title", "repository_url"], schema["required"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("string", (string?)schema["properties"]!["title"]!["type"]);
        Assert.Equal(200, (int)schema["properties"]!["title"]!["maxLength"]!);
        Assert.Equal("One line that says what is wanted.", (string?)schema["properties"]!["title"]!["description"]);
        Assert.Equal(1, (int)schema["properties"]!["title"]!["minLength"]!);
        Assert.Contains("object", Types(schema["properties"]!["context"]!));
        Assert.Equal("string", (string?)document["components"]!["schemas"]!["TaskType"]!["type"]);
        Assert.False((bool)schema["additionalProperties"]!);
        Assert.Contains("human-required", document.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionalBody_IsNotRequired_AndWorkersMaySendMore()
    {
        var document = await DocumentAsync();
        var cancel = document["paths"]!["/api/v1/tasks/{id}/cancel"]!["post"]!;
        var claim = document["paths"]!["/api/v1/queue/claim"]!["post"]!;

        Assert.NotEqual(true, (bool?)cancel["requestBody"]!["required"]);
        Assert.Null(Resolve(document, claim["requestBody"]!["content"]!["application/json"]!["schema"]!)["additionalProperties"]);
    }

    [Fact]
    public async Task Operation_HasNameTagQueryHeadersAndRefusals()
    {
        var document = await DocumentAsync();
        var post = document["paths"]!["/api/v1/tasks"]!["post"]!;
        var list = document["paths"]!["/api/v1/tasks"]!["get"]!;
        var parameters = list["parameters"]!.AsArray().ToDictionary(parameter => (string)parameter!["name"]!, parameter => parameter!["schema"]!);

        Assert.Equal("healthLive", (string?)document["paths"]!["/health/live"]!["get"]!["operationId"]);
        Assert.Equal(["Observability"], document["paths"]!["/health/live"]!["get"]!["tags"]!.AsArray().Select(tag => (string)tag!));
        Assert.Equal(["Observability", "Tests"], document["tags"]!.AsArray().Select(tag => (string)tag!["name"]!));
        Assert.Equal(["limit", "after", "status"], parameters.Keys);
        Assert.Equal((1, 1000, 200), ((int)parameters["limit"]["minimum"]!, (int)parameters["limit"]["maximum"]!, (int)parameters["limit"]["default"]!));
        Assert.Contains("in_progress", parameters["status"]["items"]!["enum"]!.AsArray().Select(word => (string)word!));
        Assert.Equal("Idempotency-Key", (string?)post["parameters"]![0]!["name"]);
        Assert.Equal(["201", "400", "401", "413", "415", "422", "default"], post["responses"]!.AsObject().Select(reply => reply.Key).Order());
        Assert.Equal("#/components/schemas/Problem", (string?)post["responses"]!["400"]!["content"]!["application/problem+json"]!["schema"]!["$ref"]);
    }

    [Fact]
    public async Task Security_SaysWhereAKeyIsWanted()
    {
        var document = await DocumentAsync();

        Assert.Equal("""[{},{"key":[]}]""", document["paths"]!["/api/v1/tasks"]!["get"]!["security"]!.ToJsonString());
        Assert.Equal("""[{"key":[]}]""", document["paths"]!["/api/v1/queue/claim"]!["post"]!["security"]!.ToJsonString());
        Assert.Null(document["paths"]!["/health/live"]!["get"]!["security"]?.AsArray().FirstOrDefault());
    }

    [Fact]
    public async Task OperationNames_AreUnique()
    {
        var document = await DocumentAsync();
        var names = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(operation => (string)operation.Value!["operationId"]!).ToArray();

        Assert.Equal(names.Distinct(), names);
        Assert.Contains("describedServerCreateTask", names);
        Assert.Contains("postTwins", names);
        Assert.Contains("postTasksIdCancel", names);
    }

    private static IEnumerable<string?> Types(JsonNode schema) =>
        schema["type"] is JsonArray several ? several.Select(type => (string?)type) : [(string?)schema["type"]];

    private static JsonNode Resolve(JsonNode document, JsonNode schema) =>
        (string?)schema["$ref"] is { } reference ? document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;

    private async Task<JsonNode> DocumentAsync() => JsonNode.Parse(await fixture.Server.Client.GetStringAsync("/openapi/v1.json"))!;

    public sealed class DescribedServer : IAsyncLifetime
    {
        public HttpServer Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Server = await HttpServer.StartAsync(routes =>
        {
            routes.MapPost("/api/v1/tasks", CreateTask).AllowOpen();
            routes.MapGet("/api/v1/tasks", (HttpContext context) => Query.Read(context, Filter)).WithQuery(Filter).AllowOpen();
            routes.MapPost("/api/v1/twins", CreateTask);
            routes.MapPost("/api/v1/tasks/{id:guid}/cancel", (Guid id, Body<CancelTaskRequest>? body) => TypedResults.NoContent());
            routes.MapPost("/api/v1/queue/claim", (WorkerBody<ClaimRequest> body) => TypedResults.NoContent());
        });

        public async ValueTask DisposeAsync() => await Server.DisposeAsync();

        private static Task<CreatedReply<TaskView>> CreateTask(
            HttpContext context, Body<CreateTaskRequest> body, IdempotentWrite idempotent, CancellationToken cancellationToken) =>
            idempotent.CreateAsync<TaskView>(
                context, body.Value, _ => throw new ProblemException(404, "tasks.not_found", "none"), cancellationToken);

        private static string Filter(Query query) =>
            $"{query.Int("limit", 1, 1000, @default: 200)} {query.Guid("after")} {query.Enum<AgentTaskStatus>("status").Count}";
    }
}
