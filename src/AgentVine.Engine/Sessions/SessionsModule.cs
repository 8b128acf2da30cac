using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Sessions;

/// <summary>Agent conversations and what they work on. Workers open them: see the Workers slice.</summary>
public static class SessionsModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, SessionsOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<KeptSessions>();
        services.AddHostedService<SessionReaper>();
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapSessions(this IEndpointRouteBuilder routes)
    {
        var sessions = routes.MapGroup("/api/v1/sessions").WithTags("Sessions");
        sessions.MapGet("/", SessionEndpoints.List).AllowOpen().WithQuery(SessionEndpoints.ReadQuery);
        sessions.MapGet("/{id:guid}", SessionEndpoints.Show).AllowOpen();
        return routes;
    }
}
