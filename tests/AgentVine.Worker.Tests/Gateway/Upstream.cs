using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Tests.Gateway;

/// <summary>A provider whose answers a test writes, and whose calls it reads.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(Func<HttpContext, Task> answer, bool keepsBodies)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.Run(async call =>
        {
            using var body = new MemoryStream();
            if (keepsBodies)
            {
                await call.Request.Body.CopyToAsync(body, call.RequestAborted);
            }

            Calls.Enqueue(new Received(
                call.Request.Method,
                call.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                call.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body.ToArray()));
            await answer(call);
        });
    }

    public ConcurrentQueue<Received> Calls { get; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<Upstream> StartAsync(Func<HttpContext, Task> answer, bool keepsBodies = true)
    {
        var upstream = new Upstream(answer, keepsBodies);
        await upstream._app.StartAsync();
        upstream.Url = new Uri(upstream._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return upstream;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);
}
