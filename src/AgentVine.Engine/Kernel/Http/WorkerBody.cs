using System.Reflection;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>As <see cref="Body{T}"/>, for routes that workers call: a worker may be newer, so members unknown here are ignored.</summary>
internal sealed class WorkerBody<T>(T value) : IBindableFromHttpContext<WorkerBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>The body.</summary>
    public T Value { get; } = value;

    public static async ValueTask<WorkerBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        await JsonBody.ReadAsync<T>(context) is { } value ? new WorkerBody<T>(value) : null;

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T), BodyMetadata.MayBeAbsent(parameter), RefusesUnknown: false));
}
