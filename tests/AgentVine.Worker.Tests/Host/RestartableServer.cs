using AgentVine.Client;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Integrations;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Blobs;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Observability;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Workers;
using AgentVine.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Worker.Tests.Host;

/// <summary>The real server on SQLite, on a driven clock; it goes down and comes up again on the same data and the same port.</summary>
internal sealed class RestartableServer(string folder, TimeProvider time) : IAsyncDisposable
{
    public const string Key = "vine_0123456789abcdef0123456789abcdef";

    private SqliteStore? _store;
    private WebApplication? _app;
    private string _url = "http://127.0.0.1:0";
    private VineClient? _client;

    public Uri Url => new(_url);

    /// <summary>How often <see cref="IsDeafForEnds"/> broke one.</summary>
    public int EndsBroken { get; private set; }

    /// <summary>Breaks each connection on which an attempt's end is told.</summary>
    public bool IsDeafForEnds { get; set; }

    /// <summary>A client with the server's key, on the machine's own clock.</summary>
    public VineClient Client => _client ??= new VineClient(new VineClientOptions { Server = Url, Key = Key });

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _store = new SqliteStore(new SqliteStoreOptions { Path = Path.Join(folder, "vine.db") }, time, NullLogger.Instance);
        await _store.MigrateAsync(cancellationToken);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(_url);
        builder.Logging.SetMinimumLevel(LogLevel.None);
        Compose(builder.Services, _store);
        _app = builder.Build();
        _app.Use(async (call, next) =>
        {
            if (IsDeafForEnds && call.Request.Path == "/api/v1/queue/complete")
            {
                EndsBroken++;
                call.Abort();
                return;
            }

            await next(call);
        });
        Map(_app);
        await _app.StartAsync(cancellationToken);
        _url = _app.Urls.Single();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            await _store!.DisposeAsync();
            _app = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client?.Dispose();
    }

    private void Compose(IServiceCollection services, IStore store)
    {
        services.AddRouting();
        services.AddSingleton(time);
        services.AddSingleton(store);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        services.AddKernelHttp();
        services.AddIdentity(new AccessOptions { Mode = AccessMode.Loopback, Key = AccessKey.Run(Key) });
        services.AddEvents();
        services.AddObservability();
        services.AddRepositories(Path.Join(folder, "repositories"));
        services.AddBlobs(Path.Join(folder, "blobs"));
        services.AddExecutions();
        services.AddSessions(new SessionsOptions());
        services.AddAccounts(new AccountsOptions());
        services.AddTasks(new TasksOptions());
        services.AddWorkers(new WorkersOptions());
        services.AddConversations();
    }

    private static void Map(WebApplication app)
    {
        app.UseKernelHttp();
        app.UseIdentity();
        app.MapObservability();
        app.MapEvents();
        app.MapRepositories();
        app.MapExecutions();
        app.MapSessions();
        app.MapAccounts();
        app.MapTasks();
        app.MapWorkers();
        app.MapConversations();
        app.MapIntegrations();
    }
}
