using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Executions;

/// <summary>The record of every attempt: what was said and done, what was handed back, how it ended.</summary>
public static class ExecutionsModule
{
    private const long MaxOutputBytes = 32L * 1024 * 1024;

    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddExecutions(this IServiceCollection services)
    {
        services.TryAddSingleton<OutputSignal>();
        services.Replace(ServiceDescriptor.Singleton<IAgentTokenLookup, AgentTokenLookup>());
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapExecutions(this IEndpointRouteBuilder routes)
    {
        var executions = routes.MapGroup("/api/v1/executions").WithTags("Executions");
        executions.MapGet("/{id:guid}", ExecutionEndpoints.Show).AllowOpen();
        executions.MapGet("/{id:guid}/output", ExecutionEndpoints.ReadOutput).AllowOpen().WithQuery(ExecutionEndpoints.ReadQuery);
        executions.MapPost("/{id:guid}/output", ExecutionEndpoints.AppendOutput).LimitBody(MaxOutputBytes);
        executions.MapPut("/{id:guid}/branch", BranchEndpoints.Store).LimitBody(BranchStore.MaxBundleBytes).WithQuery(BranchEndpoints.ReadStoreQuery);
        executions.MapPut("/{id:guid}/base", BranchEndpoints.StoreBase).LimitBody(BranchStore.MaxBundleBytes).WithQuery(BranchEndpoints.ReadBaseQuery);
        executions.MapGet("/{id:guid}/branch", BranchEndpoints.Bundle).WithQuery(BranchEndpoints.ReadWhole);
        executions.MapGet("/{id:guid}/base", BranchEndpoints.Base).WithQuery(BranchEndpoints.ReadWhole);
        executions.MapPut("/{id:guid}/checkpoint", CheckpointEndpoints.Store)
            .LimitBody(BranchStore.MaxBundleBytes + CheckpointEndpoints.MaxTranscriptBytes).WithQuery(CheckpointEndpoints.ReadQuery);
        executions.MapGet("/{id:guid}/checkpoints", CheckpointEndpoints.List).AllowOpen();
        executions.MapGet("/{id:guid}/checkpoints/{n:int}/transcript", CheckpointEndpoints.Transcript);
        executions.MapGet("/{id:guid}/checkpoints/{n:int}/bundle", CheckpointEndpoints.Bundle).WithQuery(CheckpointEndpoints.ReadWhole);
        routes.MapGet("/api/v1/sessions/{id:guid}/transcript", CheckpointEndpoints.OfSession).WithTags("Sessions");
        return routes;
    }
}
