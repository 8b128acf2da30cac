using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

/// <summary>Routes that give back the body they were given.</summary>
public sealed class BodyServer : IAsyncLifetime
{
    public HttpServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await HttpServer.StartAsync(routes =>
    {
        routes.MapPost("/tasks", (Body<CreateTaskRequest> body) => TypedResults.Ok(body.Value)).AllowOpen();
        routes.MapPost("/cancel", (Body<CancelTaskRequest>? body) => TypedResults.Ok(body?.Value.Reason ?? "none")).AllowOpen();
        routes.MapPost("/workers", (WorkerBody<RegisterWorkerRequest> body) => TypedResults.Ok(body.Value)).AllowOpen();
        routes.MapPost("/heartbeat", (WorkerBody<HeartbeatRequest> body) => TypedResults.Ok(body.Value)).AllowOpen();
        routes.MapPost("/complete", (WorkerBody<CompleteRequest> body) => TypedResults.Ok(body.Value)).AllowOpen();
    });

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
