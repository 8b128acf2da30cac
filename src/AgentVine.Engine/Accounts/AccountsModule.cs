using AgentVine.Engine.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Accounts;

/// <summary>Where model calls are paid, whether work may begin there, and what it may cost.</summary>
public static class AccountsModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services, AccountsOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<AccountBook>();
        services.TryAddSingleton<WorkerAccounts>();
        services.TryAddSingleton<Budgets>();
        services.AddHostedService<AccountOpener>();
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapAccounts(this IEndpointRouteBuilder routes)
    {
        var accounts = routes.MapGroup("/api/v1/accounts").WithTags("Accounts");
        accounts.MapGet("/", AccountEndpoints.List).AllowOpen();
        accounts.MapGet("/{name}", AccountEndpoints.Show).AllowOpen();
        accounts.MapPost("/{name}/close", AccountEndpoints.Close);
        accounts.MapPost("/{name}/open", AccountEndpoints.Open);
        accounts.MapPost("/{name}/limits", AccountEndpoints.Limit);

        var executions = routes.MapGroup("/api/v1/executions").WithTags("Executions");
        executions.MapPut("/{id:guid}/usage", UsageEndpoints.Store);
        executions.MapGet("/{id:guid}/usage", UsageEndpoints.List).AllowOpen();
        return routes;
    }
}
