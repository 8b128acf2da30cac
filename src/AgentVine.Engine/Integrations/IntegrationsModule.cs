using AgentVine.Engine.Identity;
using AgentVine.Engine.Integrations.Mcp;

namespace AgentVine.Engine.Integrations;

/// <summary>How other programs reach the fleet; today, the MCP server of its own agents.</summary>
public static class IntegrationsModule
{
    /// <summary>Maps the slice's routes.</summary>
    public static IEndpointRouteBuilder MapIntegrations(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/mcp", McpEndpoint.Handle).RequireAgentToken().ExcludeFromDescription();
        return routes;
    }
}
