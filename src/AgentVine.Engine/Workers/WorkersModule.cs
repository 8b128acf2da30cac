using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Workers;

/// <summary>The fleet's registry, leases and commands. The host that runs agents is another program: AgentVine.Worker.</summary>
public static class WorkersModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddWorkers(this IServiceCollection services, WorkersOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<WorkerRegistry>();
        services.TryAddSingleton<CommandChannel>();
        services.TryAddSingleton<ClaimDesk>();
        services.AddSingleton<ITaskObserver, CancelledTaskObserver>();
        services.AddSingleton<IQueueDepthSource, CommandDepth>();
        services.AddHostedService<FleetRestart>();
        services.AddHostedService<LeaseRescuer>();
        services.AddHostedService<WorkerWatcher>();
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapWorkers(this IEndpointRouteBuilder routes)
    {
        var workers = routes.MapGroup("/api/v1/workers").WithTags("Workers");
        workers.MapPost("/", WorkerEndpoints.Register);
        workers.MapGet("/", WorkerEndpoints.List).AllowOpen();
        workers.MapGet("/{id:guid}", WorkerEndpoints.Show).AllowOpen();
        workers.MapPost("/{id:guid}/heartbeat", WorkerEndpoints.Beat);
        workers.MapPost("/{id:guid}/drain", WorkerEndpoints.Drain);
        workers.MapDelete("/{id:guid}", WorkerEndpoints.Deregister);
        workers.MapGet("/{id:guid}/commands", WorkerEndpoints.ReadCommands).WithQuery(WorkerEndpoints.ReadCommandsQuery);

        var queue = routes.MapGroup("/api/v1/queue").WithTags("Queue");
        queue.MapPost("/claim", LeaseEndpoints.Claim);
        queue.MapPost("/complete", LeaseEndpoints.Complete);
        queue.MapPost("/fail", LeaseEndpoints.Fail);
        queue.MapPost("/park", LeaseEndpoints.Park);
        queue.MapPost("/extend", LeaseEndpoints.Extend);
        routes.MapPost("/api/v1/sessions", LeaseEndpoints.OpenSession).WithTags("Sessions");
        routes.MapPost("/api/v1/sessions/{id:guid}/heartbeat", LeaseEndpoints.BeatSession).WithTags("Sessions");
        routes.MapPost("/api/v1/executions/{id:guid}/interrupt", AttemptControl.Interrupt).WithTags("Executions");
        routes.MapPost("/api/v1/executions/{id:guid}/stop", AttemptControl.Stop).WithTags("Executions");
        routes.MapPost("/api/v1/executions/{id:guid}/stall", AttemptControl.Stall).WithTags("Executions");
        routes.MapPost("/api/v1/sessions/{id:guid}/stop", AttemptControl.StopSession).WithTags("Sessions");
        routes.MapPost("/api/v1/executions/{id:guid}/budget", BudgetEndpoints.Ask).WithTags("Executions");
        routes.MapDelete("/api/v1/sessions/{id:guid}", AttemptControl.StopSession).WithTags("Sessions");
        return routes;
    }
}
