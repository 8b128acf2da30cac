using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>
/// A list as an array, with the sequence of the last event that its snapshot holds in <c>Event-Sequence</c> (follow the events
/// from there and nothing is missed) and the next page, if there may be one, in <c>Link</c>.
/// </summary>
internal sealed class ListReply<T>(IReadOnlyList<T> items, long eventSequence, string? nextAfter) : IResult, IEndpointMetadataProvider
{
    public const string SequenceHeader = "Event-Sequence";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T[]), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[SequenceHeader] = eventSequence.ToString(CultureInfo.InvariantCulture);
        if (nextAfter is not null)
        {
            var query = httpContext.Request.Query.Where(pair => pair.Key != "after")
                .SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value))
                .Append(KeyValuePair.Create("after", (string?)nextAfter));
            httpContext.Response.Headers.Link = $"<{QueryHelpers.AddQueryString(httpContext.Request.Path, query)}>; rel=\"next\"";
        }

        return httpContext.Response.WriteAsJsonAsync(items, httpContext.RequestAborted);
    }
}
