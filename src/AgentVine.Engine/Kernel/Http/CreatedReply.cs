using System.Reflection;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>A reply to a write that creates: the same bytes for the first request and for its repetitions.</summary>
internal sealed class CreatedReply<TView>(StoredReply reply, bool replayed) : IResult, IEndpointMetadataProvider
{
    public const string ReplayedHeader = "Idempotency-Replayed";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(TView), ["application/json"]));
        builder.Metadata.Add(new IdempotentMetadata());
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = reply.Status;
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.Headers.Location = reply.Location;
        if (replayed)
        {
            httpContext.Response.Headers[ReplayedHeader] = "true";
        }

        return httpContext.Response.WriteAsync(reply.Response, httpContext.RequestAborted);
    }
}
