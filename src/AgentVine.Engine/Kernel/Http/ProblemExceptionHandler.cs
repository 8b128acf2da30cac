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
        switch (exception)
        {
            case ProblemException problem:
                await ProblemReply.WriteAsync(httpContext, problem.Status, problem.Code, problem.Message, problem.Errors);
                break;
            case BadHttpRequestException { StatusCode: 413 }:
                var limit = httpContext.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? BodyLimit.DefaultBytes;
                await WriteAsync(httpContext, BodyLimit.Exceeded(limit));
                break;
            case BadHttpRequestException bad:
                await WriteAsync(httpContext, Faults.Of("$", "is not a request that can be read: " + bad.Message.TrimEnd('.')));
                break;
            case StoreUnavailableException:
                LogStoreUnavailable(exception, httpContext.Request.Method, httpContext.Request.Path);
                httpContext.Response.Headers.RetryAfter = RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
                await ProblemReply.WriteAsync(
                    httpContext, 503, ErrorCodes.StorageUnavailable,
                    $"The database cannot do this now and nothing was stored; try again in {RetryAfterSeconds} seconds. The server's log says why.");
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

    private static Task WriteAsync(HttpContext context, ProblemException problem) =>
        ProblemReply.WriteAsync(context, problem.Status, problem.Code, problem.Message, problem.Errors);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database is unavailable to {Method} {Path}")]
    private partial void LogStoreUnavailable(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed in trace {TraceId}")]
    private partial void LogBug(Exception exception, string method, PathString path, string traceId);
}
