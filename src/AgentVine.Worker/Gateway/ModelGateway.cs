using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using AgentVine.Runtimes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Gateway;

/// <summary>
/// The worker's reverse proxy for model calls, on loopback and on a unix socket: agents call it with a token of their attempt and never see the account's key.
/// It passes everything on unchanged, both ways and unbuffered, and holds the calls of an attempt whose lease is past.
/// </summary>
internal sealed class ModelGateway : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, GatewayPass> _passes = new(StringComparer.Ordinal);
    private readonly ModelForwarder _forwarder;
    private readonly WebApplication _app;
    private readonly string? _socket;
    private Uri? _url;
    private int _held;

    /// <param name="upstream">The account.</param>
    /// <param name="socket">A path for agents that have no network; null where all have one.</param>
    /// <param name="logger">Where it says what a person should know.</param>
    public ModelGateway(ModelUpstream upstream, string? socket, ILogger logger)
    {
        _socket = socket;
        _forwarder = new ModelForwarder(upstream, logger);
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
        _app.Run(AnswerAsync);
    }

    /// <summary>Calls that wait for their attempt's lease now.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <summary>Whether its agents need no network.</summary>
    public bool HasSocket => _socket is not null;

    /// <summary>Listens from here on.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
        {
            // Left by a worker that was killed.
            File.Delete(_socket);
        }

        await _app.StartAsync(cancellationToken);
        if (_socket is not null)
        {
            GatewaySocket.Open(_socket);
        }

        var addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        _url = new Uri(addresses.Single(address => address.StartsWith("http://127.", StringComparison.Ordinal)));
    }

    /// <summary>Lets an attempt's agent call its model until the pass is disposed.</summary>
    /// <param name="held">Returns once the attempt may call; asked before each call.</param>
    public GatewayPass Admit(Func<CancellationToken, Task> held)
    {
        var url = _url ?? throw new InvalidOperationException("The model gateway does not listen yet.");
        var access = new ModelAccess(url, $"vine_model_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}", _socket);
        var pass = new GatewayPass(access, held, ended => _passes.TryRemove(ended.Access.Token, out _));
        _passes[access.Token] = pass;
        return pass;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _forwarder.Dispose();
    }

    private async Task AnswerAsync(HttpContext call)
    {
        if (TokenOf(call.Request.Headers) is not { } token || !_passes.TryGetValue(token, out var pass))
        {
            await GatewayErrors.WriteAsync(
                call, StatusCodes.Status401Unauthorized, "authentication_error", "This is a worker's model gateway, and the key is not of an attempt that runs here.");
            return;
        }

        if (!IsModelCall(call))
        {
            await GatewayErrors.WriteAsync(
                call, StatusCodes.Status403Forbidden, "permission_error", "This is a worker's model gateway: it passes on calls of models, and nothing else of the account.");
            return;
        }

        using var cut = pass.Cut(call.RequestAborted);
        try
        {
            await HoldAsync(pass, cut.Token);
            await _forwarder.ForwardAsync(call, cut.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException || cut.IsCancellationRequested)
        {
            // The agent, the attempt or its lease: there is nobody to answer.
            call.Abort();
        }
    }

    private async Task HoldAsync(GatewayPass pass, CancellationToken cut)
    {
        Interlocked.Increment(ref _held);
        try
        {
            await pass.WhenNotHeldAsync(cut);
        }
        finally
        {
            Interlocked.Decrement(ref _held);
        }
    }

    // The account's key opens more than agents need: files, batches, settings. And what is no path could become another host's address.
    private static bool IsModelCall(HttpContext call) =>
        call.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.StartsWith('/')
        && (call.Request.Method, call.Request.Path.Value) is
            ("POST", "/v1/messages" or "/v1/messages/count_tokens") or ("GET" or "HEAD", "/" or "/api/hello" or "/v1/models");

    private static string? TokenOf(IHeaderDictionary headers)
    {
        const string Bearer = "Bearer ";
        var authorization = headers.Authorization.ToString();
        return headers["x-api-key"].FirstOrDefault()
            ?? (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null);
    }
}
