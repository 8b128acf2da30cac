using AgentVine.Cli;
using AgentVine.Client;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Analytics;
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
using AgentVine.Host.Docs;
using AgentVine.Storage.Sqlite;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AgentVine.Host.Server;

/// <summary>The server, put together and running.</summary>
internal sealed class VineServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly IStore _store;
    private readonly ServerFile _file;

    private VineServer(WebApplication app, IStore store, ServerOptions options, Uri url, string key)
    {
        (_app, _store, DataFolder, Url, Key) = (app, store, options.DataFolder, url, key);
        _file = new ServerFile(url, Environment.ProcessId);
        _file.Write(DataFolder);
    }

    public Uri Url { get; }

    public string Key { get; }

    public string DataFolder { get; }

    public ILoggerFactory Loggers => _app.Services.GetRequiredService<ILoggerFactory>();

    /// <summary>Opens the database, serves, and returns when calls are answered.</summary>
    /// <exception cref="CommandException">It cannot start here; the message says what to do.</exception>
    public static async Task<VineServer> StartAsync(ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = Access(options);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(options.Url);
        Logging.Configure(builder.Logging, options.LogLevel, options.LogJson);
        var store = await OpenAsync(options, time, cancellationToken);
        try
        {
            Compose(builder.Services, options, access, store, time);
            var app = builder.Build();
            Map(app);
            await StartAsync(app, options, cancellationToken);
            var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new VineServer(app, store, options, new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)), KeyOf(options));
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the server has stopped: at <paramref name="stop"/>, or because it cannot go on.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var asked = stop.Register(() => stopped.TrySetResult());
        await using var ended = _app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }

    public async ValueTask DisposeAsync()
    {
        _file.Remove(DataFolder);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _store.DisposeAsync();
    }

    private static void Compose(IServiceCollection services, ServerOptions options, AccessOptions access, IStore store, TimeProvider time)
    {
        services.AddSingleton(time);
        services.AddSingleton(store);
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        services.AddKernelHttp();
        services.AddIdentity(access);
        services.AddEvents();
        services.AddObservability(observability => observability.DefaultRuntime = options.Tasks.DefaultRuntime);
        services.AddRepositories(Path.Join(options.DataFolder, "repositories"));
        services.AddBlobs(Path.Join(options.DataFolder, "blobs"));
        services.AddExecutions();
        services.AddSessions(options.Sessions);
        services.AddAccounts(options.Accounts);
        services.AddTasks(options.Tasks);
        services.AddWorkers(options.Workers);
        services.AddConversations(options.Requests);
        services.AddAnalytics();
    }

    private static void Map(WebApplication app)
    {
        app.UseKernelHttp();
        app.UseIdentity();
        app.MapObservability();
        app.MapEvents().AllowOpen();
        app.MapRepositories();
        app.MapExecutions();
        app.MapSessions();
        app.MapAccounts();
        app.MapTasks();
        app.MapWorkers();
        app.MapConversations();
        app.MapAnalytics();
        app.MapIntegrations();
        app.MapDocs();
    }

    private static AccessOptions Access(ServerOptions options)
    {
        try
        {
            Folders.CreatePrivate(options.DataFolder);
            var access = new AccessOptions
            {
                Mode = ListenPolicy.ModeFor([options.Url], options.Auth),
                Key = AccessKey.Load(options.ApiKey, options.DataFolder),
            };
            ListenPolicy.Check([options.Url], access);
            return access;
        }
        catch (Exception refusal) when (refusal is AccessKeyException or ListenRefusedException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, refusal.Message, refusal);
        }
    }

    private static string KeyOf(ServerOptions options) =>
        (string.IsNullOrEmpty(options.ApiKey) ? new LocalServer(options.DataFolder).ReadKey() : options.ApiKey)
        ?? throw new CommandException(ExitCode.Failed, $"the key in {options.DataFolder} was removed while the server started; start it again");

    private static async Task<IStore> OpenAsync(ServerOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        IStore? store = null;
        try
        {
            using var loggers = LoggerFactory.Create(logging => Logging.Configure(logging, options.LogLevel, options.LogJson));
            store = options.OpenStore is { } open
                ? open(time, loggers)
                : new SqliteStore(new SqliteStoreOptions { Path = Path.Join(options.DataFolder, "vine.db") }, time, loggers.CreateLogger<SqliteStore>());
            await store.MigrateAsync(cancellationToken);
            return store;
        }
        catch (Exception refusal) when (refusal is StoreRefusedException or StoreUnavailableException)
        {
            if (store is not null)
            {
                await store.DisposeAsync();
            }

            throw new CommandException(ExitCode.Failed, refusal.Message, refusal);
        }
    }

    private static async Task StartAsync(WebApplication app, ServerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (IOException taken)
        {
            await app.DisposeAsync();
            throw new CommandException(
                ExitCode.Failed, $"{options.Url} cannot be served: {taken.Message} Stop what listens there, or choose another port with --port", taken);
        }
    }
}
