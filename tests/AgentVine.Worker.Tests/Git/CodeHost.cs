using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker.Tests.Git;

/// <summary>A git host on loopback, of git's plain-file HTTP protocol: serves the folders below one, to whoever has the right credentials.</summary>
internal sealed class CodeHost : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<string> _authorizations = new();

    private CodeHost(WebApplication application) => _application = application;

    public Uri Address => new(_application.Urls.First());

    /// <summary>Every Authorization header that came in.</summary>
    public IReadOnlyList<string> Authorizations => [.. _authorizations];

    /// <param name="root">The folder that it serves.</param>
    /// <param name="credentials">As in <c>user:password</c>; null lets everybody in.</param>
    /// <param name="redirectTo">Sends those who were let in to another host.</param>
    public static async Task<CodeHost> StartAsync(string root, string? credentials = null, Uri? redirectTo = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var host = new CodeHost(builder.Build());
        host._application.Run(context => host.AnswerAsync(context, root, credentials, redirectTo));
        await host._application.StartAsync(GitGround.Stop);
        return host;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task AnswerAsync(HttpContext context, string root, string? credentials, Uri? redirectTo)
    {
        var authorization = context.Request.Headers.Authorization.ToString();
        if (authorization.Length > 0)
        {
            _authorizations.Enqueue(authorization);
        }

        if (credentials is not null && authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"code\"";
            return;
        }

        if (redirectTo is not null)
        {
            context.Response.Redirect(new Uri(redirectTo, context.Request.Path + context.Request.QueryString.Value).ToString());
            return;
        }

        var file = Path.Join(root, context.Request.Path.Value);
        if (!File.Exists(file))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.SendFileAsync(file, context.RequestAborted);
    }
}
