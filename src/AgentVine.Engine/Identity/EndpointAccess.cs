namespace AgentVine.Engine.Identity;

/// <summary>Says who may call an endpoint or a group; what says nothing wants the key.</summary>
public static class EndpointAccess
{
    /// <summary>Holders of the key alone: the default, for a member of an open group.</summary>
    public static TBuilder RequireKey<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessMetadata(AccessRule.Key));

    /// <summary>No credential in loopback mode; the key where authentication is required.</summary>
    public static TBuilder AllowOpen<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessMetadata(AccessRule.Open));

    /// <summary>Never a credential: for probes that tell nothing but life and readiness.</summary>
    public static TBuilder AllowProbe<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessMetadata(AccessRule.Probe));

    /// <summary>An agent with the token of its running execution, and nobody else; <see cref="AgentIdentity.Of"/> says which.</summary>
    public static TBuilder RequireAgentToken<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AccessMetadata(AccessRule.Agent));
}
