using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>How large the bodies of requests may be.</summary>
internal static class BodyLimit
{
    /// <summary>What a route takes that says nothing else.</summary>
    public const long DefaultBytes = 1024 * 1024;

    /// <summary>Lets the endpoint take bodies of up to <paramref name="bytes"/>; larger ones are refused before they are read.</summary>
    public static TBuilder LimitBody<TBuilder>(this TBuilder endpoint, long bytes)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new Metadata(bytes));

    public static ProblemException Exceeded(long limit) =>
        new(
            413, ErrorCodes.BodyTooLarge,
            $"The body is larger than the {limit} bytes that this route takes; send less, or in several requests.");

    // Routing hands it to the server, which counts chunked bodies too.
    private sealed record Metadata(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
