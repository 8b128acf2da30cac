namespace AgentVine.Engine.Identity;

/// <summary>An agent that called with its execution's token.</summary>
public sealed record AgentIdentity(Guid OrganizationId, Guid ExecutionId, Guid TaskId)
{
    /// <summary>The agent that calls; only on endpoints with <see cref="EndpointAccess.RequireAgentToken"/>.</summary>
    public static AgentIdentity Of(HttpContext context) =>
        context.Features.Get<AgentIdentity>()
        ?? throw new InvalidOperationException("The endpoint takes no agent tokens. Map it with RequireAgentToken().");
}
