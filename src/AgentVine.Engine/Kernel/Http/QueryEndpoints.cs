namespace AgentVine.Engine.Kernel.Http;

/// <summary>Binds a query reader to its endpoint.</summary>
internal static class QueryEndpoints
{
    /// <summary>Describes what the endpoint takes by the very <paramref name="reader"/> that it calls.</summary>
    public static TBuilder WithQuery<TBuilder, T>(this TBuilder endpoint, Func<Query, T> reader)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new QueryMetadata(Query.Describe(reader)));
}
