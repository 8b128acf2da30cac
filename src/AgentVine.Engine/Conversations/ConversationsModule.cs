using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Conversations;

/// <summary>What agents ask and what people say.</summary>
public static class ConversationsModule
{
    /// <summary>Registers the slice.</summary>
    public static IServiceCollection AddConversations(this IServiceCollection services, RequestsOptions? options = null)
    {
        services.TryAddSingleton(options ?? new RequestsOptions());
        services.TryAddSingleton<RequestDesk>();
        services.TryAddSingleton<RequestWaiter>();
        services.TryAddSingleton<MessageDesk>();
        services.TryAddSingleton<IFeedbackSource, WordsOfPeople>();
        services.AddHostedService<ToolsRestart>();
        services.AddHostedService<RequestTimer>();
        services.AddSingleton<ITaskObserver, RequestCloser>();
        services.AddSingleton<IQueueDepthSource, RequestDepth>();
        return services;
    }

    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapConversations(this IEndpointRouteBuilder routes)
    {
        var requests = routes.MapGroup("/api/v1/requests").WithTags("Requests");
        requests.MapPost("/", RequestEndpoints.Open).LimitBody(RequestEndpoints.MaxRequestBytes);
        requests.MapGet("/", RequestEndpoints.List).AllowOpen().WithQuery(RequestEndpoints.ReadQuery);
        requests.MapGet("/{id:guid}", RequestEndpoints.Show).AllowOpen().WithQuery(RequestEndpoints.ReadWait);
        requests.MapPost("/{id:guid}/answer", RequestEndpoints.Answer);
        requests.MapPost("/{id:guid}/withdraw", RequestEndpoints.Withdraw);
        requests.MapPost("/{id:guid}/delivered", RequestEndpoints.Delivered);

        var chat = routes.MapGroup("/api/v1/chat/messages").WithTags("Chat");
        chat.MapPost("/", MessageEndpoints.Post);
        chat.MapGet("/", MessageEndpoints.List).AllowOpen().WithQuery(MessageEndpoints.ReadQuery);
        chat.MapPost("/{id:guid}/delivered", MessageEndpoints.Delivered);
        return routes;
    }
}
