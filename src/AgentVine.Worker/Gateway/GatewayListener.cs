using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>Where the gateway is called: a free port on loopback, and a unix socket for agents that have no network.</summary>
internal sealed class GatewayListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <param name="answer">Answers calls.</param>
    /// <param name="socket">The socket's path; null for none.</param>
    public GatewayListener(RequestDelegate answer, string? socket)
    {
        Socket = socket;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            if (socket is not null)
            {
                kestrel.ListenUnixSocket(socket);
            }

            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = false;

            // What a call may hold, and how long a model may think, is the provider's to say.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        _app = builder.Build();
        _app.Run(answer);
    }

    /// <summary>The socket's path; null where there is none.</summary>
    public string? Socket { get; }

    /// <summary>Listens from here on; returns the address on loopback.</summary>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        if (Socket is not null)
        {
            // Left by a worker that was killed.
            File.Delete(Socket);
        }

        await _app.StartAsync(cancellationToken);
        if (Socket is not null)
        {
            GatewaySocket.Open(Socket);
        }

        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new Uri(addresses.Single(address => address.StartsWith("http://127.", StringComparison.Ordinal)));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
