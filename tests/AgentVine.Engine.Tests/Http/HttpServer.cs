using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Observability;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentVine.Engine.Tests.Http;

/// <summary>A real Kestrel on a loopback port, with the pipeline of the product and routes of the test's own.</summary>
public sealed class HttpServer : IAsyncDisposable
{
    public const string Key = "vine_0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;

    private HttpServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
        Client = new HttpClient { BaseAddress = Address, Timeout = Patience };
        KeyClient = new HttpClient { BaseAddress = Address, Timeout = Patience };
        KeyClient.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    public Uri Address { get; }

    /// <summary>Calls without a credential.</summary>
    public HttpClient Client { get; }

    /// <summary>Calls with the key.</summary>
    public HttpClient KeyClient { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<HttpServer> StartAsync(
        Action<IEndpointRouteBuilder> map, AccessMode mode = AccessMode.Loopback, IStore? store = null, Action<IServiceCollection>? add = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddRouting();
        add?.Invoke(builder.Services);
        builder.Services.AddSingleton(store ?? new ClosedStore());
        builder.Services.AddKernelHttp();
        builder.Services.AddIdentity(new AccessOptions { Mode = mode, Key = AccessKey.Run(Key) });
        builder.Services.AddObservability();
        var app = builder.Build();
        app.UseKernelHttp();
        app.UseIdentity();
        app.MapObservability();
        map(app);
        await app.StartAsync();
        return new HttpServer(app);
    }

    /// <summary>Sends bytes as they are, closes the sending side, and reads all that comes back.</summary>
    public async Task<RawReply> RawAsync(string request)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        using var socket = await ConnectAsync(patience.Token);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), patience.Token);
        return await RawReply.ReadAsync(stream, patience.Token);
    }

    /// <summary>A connection of the test's own.</summary>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Address.Port, cancellationToken);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        KeyClient.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
