using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Identity;

/// <summary>Who may call.</summary>
public static class IdentityModule
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddIdentity(this IServiceCollection services, AccessOptions access)
    {
        services.TryAddSingleton(access);
        services.TryAddSingleton<IAgentTokenLookup, NoAgentTokens>();
        return services;
    }

    /// <summary>Puts it into the pipeline, after <c>UseKernelHttp</c> and before anything that answers.</summary>
    public static IApplicationBuilder UseIdentity(this IApplicationBuilder app)
    {
        app.UseMiddleware<AddressGuard>();
        app.UseRouting();
        app.UseMiddleware<KeyGuard>();
        return app;
    }
}
