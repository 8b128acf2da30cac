using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentVine.System.Tests.Cli;

/// <summary>A server on loopback whose answers a test writes, route by route; it notes what it was asked.</summary>
internal sealed class FakeApi : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _routes = new();
    private readonly ConcurrentQueue<Received> _received = new();
    private WebApplication? _server;

    private FakeApi()
    {
    }

    public Uri Url { get; private set; } = new("http://127.0.0.1:0");

    public IReadOnlyList<Received> AllReceived => [.. _received];

    public static async Task<FakeApi> StartAsync()
    {
        var api = new FakeApi();
        await api.UpAsync();
        return api;
    }

    /// <summary>Comes up, again on the same port after <see cref="DownAsync"/>.</summary>
    public async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Url.GetLeftPart(UriPartial.Authority));
        _server = builder.Build();
        _server.Run(HandleAsync);
        await _server.StartAsync();
        Url = new Uri(_server.Urls.Single());
    }

    /// <summary>Goes away; connections that are open break.</summary>
    public async Task DownAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _server!.StopAsync(now.Token);
        await _server.DisposeAsync();
        _server = null;
    }

    public FakeApi On(string route, RequestDelegate handle)
    {
        _routes[route] = handle;
        return this;
    }

    public FakeApi Reply<T>(string route, T answer, int status = 200) =>
        On(route, context => WriteAsync(context, status, "application/json", answer));

    public FakeApi Refuse(string route, int status, string code, string detail) =>
        On(route, context => WriteAsync(context, status, "application/problem+json", new Problem { Status = status, Code = code, Detail = detail }));

    public IReadOnlyList<Received> ReceivedOn(string route) => [.. _received.Where(received => received.Route == route)];

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await DownAsync();
        }
    }

    public static Task WriteAsync<T>(HttpContext context, int status, string type, T answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, VineJson.Options)).AsTask();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var route = $"{context.Request.Method} {context.Request.Path}";
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _received.Enqueue(new Received(route, context.Request.QueryString.Value ?? "", body, headers));
        if (_routes.TryGetValue(route, out var handle))
        {
            await handle(context);
            return;
        }

        await WriteAsync(
            context, 404, "application/problem+json", new Problem { Status = 404, Code = ErrorCodes.RouteNotFound, Detail = $"The test has no answer to {route}." });
    }
}
