using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks;

namespace AgentVine.Engine.Analytics;

/// <summary>The fleet's figures, from what is stored.</summary>
public static class AnalyticsModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddAnalytics(this IServiceCollection services)
    {
        services.AddSingleton<ITaskObserver, TaskOutcomes>();
        services.AddHostedService<QueueSampler>();
        return services;
    }

    /// <summary>Maps the slice's route.</summary>
    public static IEndpointRouteBuilder MapAnalytics(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/analytics", ShowAnalytics.Handle).WithTags("Analytics").AllowOpen().WithQuery(ShowAnalytics.Describe);
        return routes;
    }
}
