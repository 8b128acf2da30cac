using AgentVine.Contracts.Events;
using AgentVine.Engine.Kernel.Http;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentVine.Engine.Kernel.Events;

/// <summary>The log of events, to read and to follow.</summary>
public static class EventsModule
{
    /// <summary>Registers it.</summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<EventFeed>();
        return services;
    }

    /// <summary>Maps <c>/api/v1/events</c>; who may read is said on the group that it answers.</summary>
    public static RouteGroupBuilder MapEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.MapGroup("/api/v1/events").WithTags("Events");
        events.MapGet("", ListEvents.Handle).WithQuery(ListEvents.Read);
        events.MapGet("/stream", StreamEvents.Handle).WithQuery(EventFilter.Read).Produces<EventView>(contentType: "text/event-stream");
        return events;
    }
}
