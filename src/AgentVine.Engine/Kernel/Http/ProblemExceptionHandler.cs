using AgentVine.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Turns what an endpoint throws into problem details. Nothing but a bug is an error in the log.</summary>
internal sealed partial class ProblemExceptionHandler(ILogger<ProblemExceptionHandler> logger) : IExceptionHandler
{
    private const int RetryAfterSeconds = 5;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        // Nobody reads the answer any more, and the request is no fault of the server's.
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        switch (exception)
        {
            case ProblemException { Status: 413 } or BadHttpRequestException { StatusCode: 413 }:
                await RefuseTooLargeAsync(httpContext, exception as ProblemException);
                break;
            case ProblemException problem:
                await WriteAsync(httpContext, problem);
                break;
            case BadHttpRequestException { StatusCode: 408 }:
                await ProblemReply.WriteAsync(httpContext, 408, ErrorCodes.BodyTimeout, "The body came too slowly and was given up; nothing was stored. Send it again.");
                break;
            case BadHttpRequestException bad:
                await WriteAsync(httpContext, Faults.Of("$", "is not a request that can be read: " + bad.Message.TrimEnd('.')));
                break;
            case StoreUnavailableException:
                LogStoreUnavailable(exception, httpContext.Request.Method, httpContext.Request.Path);
                httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                await ProblemReply.WriteAsync(
                    httpContext, 503, ErrorCodes.StorageUnavailable,
                    $"The database cannot do this now and nothing was stored; try again in {RetryAfterSeconds} seconds. The log says why.");
                break;
            default:
                LogBug(exception, httpContext.Request.Method, httpContext.Request.Path, ProblemReply.TraceId(httpContext));
                await ProblemReply.WriteAsync(
                    httpContext, 500, ErrorCodes.Internal,
                    $"The server failed at this request; its log has the reason under trace {ProblemReply.TraceId(httpContext)}.");
                break;
        }

        return true;
    }

    private static async Task RefuseTooLargeAsync(HttpContext context, ProblemException? problem)
    {
        var size = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        problem ??= BodyLimit.Exceeded(size?.MaxRequestBodySize ?? BodyLimit.DefaultBytes);

        // The answer goes out at once. But a sender cut off in the middle of its body often never reads it, and tries again for ever:
        // without the limit the server takes and drops the rest, for the few seconds that it grants to any body nobody read.
        if (size is { IsReadOnly: false })
        {
            size.MaxRequestBodySize = null;
        }

        await WriteAsync(context, problem);
        await context.Response.CompleteAsync();
    }

    private static Task WriteAsync(HttpContext context, ProblemException problem) =>
        ProblemReply.WriteAsync(context, problem.Status, problem.Code, problem.Message, problem.Errors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is unavailable to {Method} {Path}")]
    private partial void LogStoreUnavailable(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed in trace {TraceId}")]
    private partial void LogBug(Exception exception, string method, PathString path, string traceId);
}
