using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentVine.Runtimes.Tests.ClaudeCode;

/// <summary>The least of an MCP server (streamable HTTP) that has the tool <c>ask_human</c> and answers it with "You may."</summary>
internal sealed class McpStandIn : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _authorizations = new();

    private readonly TaskCompletionSource _hungUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _called = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _away;

    private McpStandIn(WebApplication app) => _app = app;

    public Uri Url => new($"{_app.Urls.First()}/mcp");

    /// <summary>So many calls find the server away, before it is there.</summary>
    public int Away { init => _away = value; }

    /// <summary>Whether a call of the tool is answered.</summary>
    public bool Answers { get; set; } = true;

    /// <summary>The tool is called, while it is not answered.</summary>
    public Task Called => _called.Task;

    /// <summary>A caller of the tool went before its answer.</summary>
    public Task HungUp => _hungUp.Task;

    public IEnumerable<string> Authorizations => _authorizations;

    public static async Task<McpStandIn> StartAsync(int away = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var standIn = new McpStandIn(builder.Build()) { Away = away };
        standIn._app.MapPost("/mcp", (Delegate)standIn.AnswerAsync);
        await standIn._app.StartAsync();
        return standIn;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        _authorizations.Enqueue(http.Request.Headers.Authorization.ToString());
        using var body = await JsonDocument.ParseAsync(http.Request.Body);
        if (Interlocked.Decrement(ref _away) >= 0)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        if (!Answers && body.RootElement.GetProperty("method").GetString() == "tools/call")
        {
            http.RequestAborted.Register(_hungUp.SetResult);
            _called.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, http.RequestAborted);
        }

        return body.RootElement.TryGetProperty("id", out var id)
            ? Results.Json(new { jsonrpc = "2.0", id = id.Clone(), result = Result(body.RootElement) })
            : Results.Accepted();
    }

    private static object Result(JsonElement call) => call.GetProperty("method").GetString() switch
    {
        "initialize" => new
        {
            protocolVersion = call.GetProperty("params").GetProperty("protocolVersion").GetString(),
            capabilities = new { tools = new { } },
            serverInfo = new { name = "vine", version = "1" },
        },
        "tools/list" => new
        {
            tools = new[] { new { name = "ask_human", description = "Asks a person", inputSchema = new { type = "object" } } },
        },
        "tools/call" => new { content = new[] { new { type = "text", text = "You may." } } },
        _ => new { },
    };
}
