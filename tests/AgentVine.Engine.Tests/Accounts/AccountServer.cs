using AgentVine.Client;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Engine.Workers;
using AgentVine.Engine.Tests.Http;
using AgentVine.Testing.Time;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentVine.Engine.Tests.Accounts;

/// <summary>The engine with its loops on a driven clock, served over HTTP.</summary>
internal sealed class AccountServer : IAsyncDisposable
{
    private readonly HttpServer _server;

    private AccountServer(HttpServer server)
    {
        _server = server;
        Client = new VineClient(new VineClientOptions { Server = server.Address, Key = HttpServer.Key });
    }

    public VineClient Client { get; }

    public QueueSignal Signal => _server.Services.GetRequiredService<QueueSignal>();

    public static async Task<AccountServer> StartAsync(IStore store, ManualTime time)
    {
        var folder = Directory.CreateTempSubdirectory("vine-accounts-");
        return new AccountServer(await HttpServer.StartAsync(Map, store: store, add: services => services
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(new Folder(folder))
            .AddEvents()
            .AddRepositories(folder.FullName)
            .AddExecutions()
            .AddSessions(new SessionsOptions { MaxIdleTime = TimeSpan.FromDays(7), MaxSessionAge = TimeSpan.FromDays(7) })
            .AddAccounts(new AccountsOptions())
            .AddTasks(new TasksOptions())
            .AddWorkers(new WorkersOptions())
            .AddConversations()));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        var folder = _server.Services.GetRequiredService<Folder>().Info;
        await _server.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapAccounts();
        routes.MapTasks();
        routes.MapWorkers();
    }

    private sealed record Folder(DirectoryInfo Info);
}
