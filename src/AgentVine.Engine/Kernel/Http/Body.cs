using System.Reflection;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// An endpoint's JSON body, checked against the rules of <typeparamref name="T"/> before the endpoint runs: every fault is reported
/// at once, and unknown members are refused. Declared as <c>Body&lt;T&gt;?</c>, the body may be absent.
/// </summary>
internal sealed class Body<T>(T value) : IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>The body.</summary>
    public T Value { get; } = value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ReadAsync<T>(context) is { } value ? new Body<T>(value) : null;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T), BodyMetadata.MayBeAbsent(parameter), RefusesUnknown: true));
}
