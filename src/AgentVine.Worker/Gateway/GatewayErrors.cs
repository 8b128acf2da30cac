using Microsoft.AspNetCore.Http;

namespace AgentVine.Worker.Gateway;

/// <summary>Words of the gateway itself, in the form in which the Messages API tells errors.</summary>
internal static class GatewayErrors
{
    public static Task WriteAsync(HttpContext call, int status, string type, string message)
    {
        call.Response.StatusCode = status;
        return call.Response.WriteAsJsonAsync(new { type = "error", error = new { type, message } }, call.RequestAborted);
    }
}
