using AgentVine.Engine.Accounts;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Tasks;

/// <summary>Tasks and the queue of their work orders.</summary>
public static class TasksModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddTasks(this IServiceCollection services, TasksOptions options)
    {
        services.TryAddSingleton(options);
        services.TryAddSingleton<QueueSignal>();
        services.TryAddSingleton<QueuePlaces>();
        services.TryAddSingleton<IRepositoryLimitObserver, RepositoryLimits>();
        services.TryAddSingleton<WorkQueue>();
        services.TryAddSingleton<TaskRecords>();
        services.TryAddSingleton<TaskReview>();
        services.TryAddSingleton<Attempts>();
        services.TryAddSingleton<CreateTask>();
        services.TryAddSingleton<CreateSubtask>();
        services.TryAddSingleton<CancelTask>();
        services.TryAddSingleton<TaskRequeue>();
        services.TryAddSingleton<TaskDependencies>();
        services.TryAddSingleton<UpdateTask>();
        services.TryAddSingleton<RequeueDeadLetter>();
        services.AddSingleton<ITaskObserver, DependencyRelease>();
        services.AddSingleton<ITaskObserver, TaskSessions>();
        services.AddSingleton<ITaskObserver, AccountProof>();
        services.AddSingleton<IAccountObserver, ClaimWaker>();
        services.AddHostedService<DelayPromoter>();
        services.AddHostedService<DeadLetterKeeper>();
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapTasks(this IEndpointRouteBuilder routes)
    {
        var tasks = routes.MapGroup("/api/v1/tasks").WithTags("Tasks");
        tasks.MapPost("/", CreateTask.Handle).AllowOpen();
        tasks.MapGet("/", ListTasks.Handle).AllowOpen().WithQuery(ListTasks.Read);
        tasks.MapGet("/{id:guid}", ShowTask.Handle).AllowOpen();
        tasks.MapPatch("/{id:guid}", UpdateTask.Handle);
        tasks.MapGet("/{id:guid}/executions", ShowTask.Executions).AllowOpen();
        tasks.MapGet("/{id:guid}/events", ShowTask.Events).AllowOpen().WithQuery(ListEvents.ReadOfTask);
        tasks.MapGet("/{id:guid}/diff", ShowDiff.Handle).AllowOpen();
        tasks.MapPost("/{id:guid}/cancel", CancelTask.Handle);
        tasks.MapPost("/{id:guid}/retry", RetryTask.Handle);
        tasks.MapPost("/{id:guid}/accept", DecideTask.Accept);
        tasks.MapPost("/{id:guid}/reject", DecideTask.Reject);

        var queue = routes.MapGroup("/api/v1/queue").WithTags("Queue");
        queue.MapGet("/status", ShowQueue.Handle).AllowOpen();
        queue.MapGet("/dead-letter", DeadLetter.List).AllowOpen().WithQuery(DeadLetter.Read);
        queue.MapGet("/dead-letter/{id:guid}", DeadLetter.Show).AllowOpen();
        queue.MapPost("/dead-letter/{id:guid}/requeue", RequeueDeadLetter.One);
        queue.MapPost("/dead-letter/requeue", RequeueDeadLetter.Many);
        return routes;
    }
}
