using AgentVine.Engine.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

/// <summary>One route of each kind of access.</summary>
public sealed class OpenServer : IAsyncLifetime
{
    public const string AgentToken = "vine_agent_of_a_running_execution";

    public static readonly AgentIdentity Agent = new(Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());

    public HttpServer Server { get; private set; } = null!;

    public static Task<HttpServer> StartAsync(AccessMode mode) => HttpServer.StartAsync(
        routes =>
        {
            routes.MapMethods("/open", ["GET", "POST"], (Caller caller) => caller.Name).AllowOpen();
            routes.MapGet("/said-nothing", (Caller caller) => caller.Name);
            routes.MapGet("/mcp", (HttpContext context, Caller caller) => $"{caller.Name} {AgentIdentity.Of(context).TaskId}").RequireAgentToken();
            var group = routes.MapGroup("/group").AllowOpen();
            group.MapGet("/open", () => "ok");
            group.MapGet("/key", () => "ok").RequireKey();
        },
        mode,
        add: services => services.AddSingleton<IAgentTokenLookup, OneAgent>());

    public async ValueTask InitializeAsync() => Server = await StartAsync(AccessMode.Loopback);

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();

    private sealed class OneAgent : IAgentTokenLookup
    {
        public Task<AgentIdentity?> FindAsync(string token, CancellationToken cancellationToken) =>
            Task.FromResult(token == AgentToken ? Agent : null);
    }
}
