using System.Diagnostics;
using AgentVine.Contracts;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Writes problem details (RFC 9457), the one form of every refusal.</summary>
internal static class ProblemReply
{
    public static Task WriteAsync(
        HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, IReadOnlyList<string>>? errors = null)
    {
        context.Response.StatusCode = status;
        var problem = new Problem
        {
            Type = Link(code),
            Title = ReasonPhrases.GetReasonPhrase(status),
            Status = status,
            Detail = detail,
            Code = code,
            Errors = errors,
            TraceId = TraceId(context),
        };
        return context.Response.WriteAsJsonAsync(problem, VineJson.Options, "application/problem+json", context.RequestAborted);
    }

    /// <summary>Where a code is explained: this server's own page of <c>docs/errors.md</c>.</summary>
    public static string Link(string code) => "/docs/errors#" + code;

    /// <summary>The request's trace, as the log names it.</summary>
    public static string TraceId(HttpContext context) =>
        Activity.Current?.TraceId is { } trace && trace != default ? trace.ToHexString() : context.TraceIdentifier;
}
