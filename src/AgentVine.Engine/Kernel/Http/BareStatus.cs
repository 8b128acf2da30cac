using AgentVine.Contracts;
using Microsoft.AspNetCore.Diagnostics;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Gives problem details to refusals that the framework sends without a body: no such route, wrong method.</summary>
internal static class BareStatus
{
    public static Task WriteAsync(StatusCodeContext status)
    {
        var context = status.HttpContext;
        var asked = $"{context.Request.Method} {Faults.Printable(context.Request.Path)}";
        return context.Response.StatusCode switch
        {
            404 => ProblemReply.WriteAsync(
                context, 404, ErrorCodes.RouteNotFound,
                $"There is no {asked} here; /openapi/v1.json lists every route, and ids in paths are UUIDs."),
            405 => ProblemReply.WriteAsync(
                context, 405, ErrorCodes.RouteMethod, $"There is no {asked} here; this path takes {context.Response.Headers.Allow}."),
            413 => ProblemReply.WriteAsync(context, 413, ErrorCodes.BodyTooLarge, "The body is larger than this route takes; send less."),
            415 => ProblemReply.WriteAsync(
                context, 415, ErrorCodes.BodyMediaType,
                $"Content-Type is '{Faults.Printable(context.Request.ContentType ?? "")}'; this route takes another."),
            400 => ProblemReply.WriteAsync(context, 400, ErrorCodes.ValidationFailed, $"{asked} could not be read."),
            _ => Task.CompletedTask,
        };
    }
}
