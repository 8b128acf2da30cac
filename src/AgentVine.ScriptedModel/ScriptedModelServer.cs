using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentVine.ScriptedModel;

/// <summary>
/// A simulation of the Messages API on loopback: real coding agents run against it without an account and without a network, and get
/// what <see cref="ModelScript"/>s say, or what was recorded of a model. Every response carries the header <c>x-agentvine-simulation</c>.
/// </summary>
public sealed class ScriptedModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ScriptedModelOptions _options;
    private readonly ConcurrentDictionary<string, ModelScript> _scripts = new(StringComparer.Ordinal);
    private readonly ExchangePlayer? _player;
    private readonly CancellationTokenSource _stopping = new();
    private bool _disposed;

    private ScriptedModelServer(ScriptedModelOptions options)
    {
        _options = options;
        _player = options.Recording is null ? null : new ExchangePlayer(options.Recording);
        foreach (var script in options.Scripts)
        {
            Add(script);
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _app = builder.Build();
    }

    /// <summary>What an agent program is given as its <c>ANTHROPIC_BASE_URL</c>.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>The calls for a model's reply received so far.</summary>
    public ModelCallLog Calls { get; } = new();

    /// <summary>Starts to listen.</summary>
    /// <exception cref="IOException">The port is taken, or the recording cannot be read.</exception>
    public static async Task<ScriptedModelServer> StartAsync(ScriptedModelOptions options, CancellationToken cancellationToken)
    {
        var server = new ScriptedModelServer(options);
        try
        {
            await server.ListenAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds <paramref name="script"/>, in place of one of the same name.</summary>
    public void Add(ModelScript script) => _scripts[script.Name] = script;

    /// <summary>Stops to listen and cuts what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        await _stopping.CancelAsync();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _app.Use((context, next) =>
        {
            context.Response.Headers["x-agentvine-simulation"] = _player is null ? "scripted-model" : "replay";
            return next(context);
        });
        if (_player is null)
        {
            MapScripts();
        }
        else
        {
            _app.Run(PlayAsync);
        }

        await _app.StartAsync(cancellationToken);
        BaseUrl = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    private void MapScripts()
    {
        _app.UseRouting();
        _app.MapPost("/v1/messages", AnswerAsync);
        _app.MapPost("/v1/messages/count_tokens", CountAsync);
        _app.MapMethods("/api/hello", [HttpMethods.Head, HttpMethods.Get], () => Task.CompletedTask);
        _app.MapMethods("/", [HttpMethods.Head, HttpMethods.Get], () => Task.CompletedTask);
        _app.UseEndpoints(_ => { });
    }

    private async Task PlayAsync(HttpContext http)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            await _player!.AnswerAsync(http, cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            http.Abort();
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping.Token);
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: cut.Token);
            var call = new IncomingCall(http.Request, body.RootElement);
            var context = call.Context(Calls.Add(call.Received(_options.Clock.GetUtcNow())));
            var sender = new ReplySender(http, context, call.MessageId, call.Streaming);
            await sender.SendAsync(ReplyTo(context, call.Tag), cut.Token);
        }
        catch (OperationCanceledException) when (cut.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (JsonException exception)
        {
            await ReplySender.WriteErrorAsync(http, new StatusReply(400, "invalid_request_error", exception.Message), http.RequestAborted);
        }
    }

    private ModelReply ReplyTo(ScriptContext context, string? tag)
    {
        if (tag is null)
        {
            return _options.Untagged(context);
        }

        return _scripts.TryGetValue(tag, out var script)
            ? Play(script, context)
            : Reply.Finish($"scripted model: no script is named '{tag}'; there are: {Known()}");
    }

    // A step is its author's code; what it throws is told where the author looks, which is the agent's output.
    private static ModelReply Play(ModelScript script, ScriptContext context)
    {
        try
        {
            return script.ReplyTo(context);
        }
        catch (Exception exception)
        {
            return Reply.Finish($"scripted model: step {context.Step + 1} of script '{script.Name}' threw {exception.GetType().Name}: {exception.Message}");
        }
    }

    private string Known() => _scripts.IsEmpty ? "none" : string.Join(", ", _scripts.Keys.Order(StringComparer.Ordinal));

    private static async Task CountAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new { input_tokens = TokenEstimate.Of(body.RootElement) }, http.RequestAborted);
    }
}
