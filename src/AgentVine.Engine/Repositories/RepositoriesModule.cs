using AgentVine.Engine.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Repositories;

/// <summary>The git repositories that tasks work on, and the server's own copies of what agents hand back.</summary>
public static class RepositoriesModule
{
    /// <summary>Registers the slice; <paramref name="folder"/> holds the server's bare repositories.</summary>
    public static IServiceCollection AddRepositories(this IServiceCollection services, string folder)
    {
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<BranchStore>(provider, folder));
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapRepositories(this IEndpointRouteBuilder routes)
    {
        var repositories = routes.MapGroup("/api/v1/repositories").WithTags("Repositories");
        repositories.MapGet("/", RepositoryEndpoints.List).AllowOpen();
        repositories.MapGet("/{id:guid}", RepositoryEndpoints.Show).AllowOpen();
        repositories.MapPost("/", RepositoryEndpoints.Create);
        repositories.MapPatch("/{id:guid}", RepositoryEndpoints.Update);
        return routes;
    }
}
