using AgentVine.Contracts;
using AgentVine.Engine.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Observability;

/// <summary>Health, <c>/about</c> and the API's description.</summary>
public static class ObservabilityModule
{
    /// <summary>Registers it. Other slices add parts to <c>/health</c> with <c>AddHealthChecks()</c>.</summary>
    public static IServiceCollection AddObservability(this IServiceCollection services, Action<ObservabilityOptions>? configure = null)
    {
        services.Configure(configure ?? (_ => { }));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageHealth>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage", tags: [Health.ReadyTag]);
        services.AddOpenApi("v1", ApiDescription.Configure);
        return services;
    }

    /// <summary>Maps its routes.</summary>
    public static IEndpointRouteBuilder MapObservability(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", Health.All).Produces<HealthView>().Produces<HealthView>(503).AllowOpen();
        routes.MapGet("/health/live", Health.Live).Produces<HealthView>().AllowProbe();
        routes.MapGet("/health/ready", Health.Ready).Produces<HealthView>().Produces<HealthView>(503).AllowProbe();
        routes.MapGet("/about", AboutServer.Handle).AllowOpen();
        routes.MapOpenApi("/openapi/{documentName}.json").AllowOpen();
        return routes;
    }
}
