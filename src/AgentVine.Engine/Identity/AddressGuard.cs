using System.Net;
using AgentVine.Contracts;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Identity;

/// <summary>
/// In loopback mode, keeps web pages out: a page of another site can make a browser call this machine, by a name that it bent to
/// 127.0.0.1 (then <c>Host</c> is foreign) or straight away (then <c>Origin</c> or <c>Sec-Fetch-Site</c> is). And other machines, should
/// somebody's configuration have made the server listen to them past <see cref="ListenPolicy"/>.
/// </summary>
internal sealed class AddressGuard(AccessOptions access, RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (access.Mode != AccessMode.Loopback)
        {
            return next(context);
        }

        if (context.Connection.RemoteIpAddress is { } remote && !IPAddress.IsLoopback(remote))
        {
            return ProblemReply.WriteAsync(
                context, 403, ErrorCodes.AuthForeignHost,
                $"The request comes from {remote}, another machine; configure {AccessKey.Variable} and '--auth required' to serve others.");
        }

        var headers = context.Request.Headers;
        var host = headers.Host;
        if (host.Count != 1 || !LoopbackHost.TryParse(host[0] ?? "", out _))
        {
            return ProblemReply.WriteAsync(
                context, 403, ErrorCodes.AuthForeignHost,
                $"Host is '{Faults.Printable(host.ToString())}', which is not this machine's loopback; call http://127.0.0.1 or "
                + $"http://localhost, or configure {AccessKey.Variable} and '--auth required' to serve other names.");
        }

        var origin = headers.Origin;
        if (origin.Count > 0 && !(origin.Count == 1 && IsOwn(origin[0], context.Request.Scheme, host[0]!)))
        {
            return ProblemReply.WriteAsync(
                context, 403, ErrorCodes.AuthForeignOrigin,
                $"Origin is '{Faults.Printable(origin.ToString())}', another site than {context.Request.Scheme}://{host[0]}; "
                + "pages of other sites may not call this server.");
        }

        if (headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is not ("same-origin" or "none"))
        {
            return ProblemReply.WriteAsync(
                context, 403, ErrorCodes.AuthForeignOrigin,
                $"Sec-Fetch-Site is '{Faults.Printable(site.ToString())}': a page of another site asks; open this server's address itself.");
        }

        return next(context);
    }

    private static bool IsOwn(string? origin, string scheme, string host) =>
        string.Equals(origin, $"{scheme}://{host}", StringComparison.OrdinalIgnoreCase);
}
