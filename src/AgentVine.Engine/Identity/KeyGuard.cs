using System.Net.Http.Headers;
using AgentVine.Contracts;
using AgentVine.Engine.Kernel.Http;

namespace AgentVine.Engine.Identity;

/// <summary>Asks for the credential that an endpoint wants. One that is presented must be right, also where none is wanted.</summary>
internal sealed class KeyGuard(AccessOptions access, IAgentTokenLookup agents, RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // Routing's own answers (wrong method) are no route's endpoint, and tell nothing.
        var rule = context.GetEndpoint() is not RouteEndpoint endpoint ? AccessRule.Open
            : endpoint.Metadata.GetMetadata<AccessMetadata>()?.Rule ?? AccessRule.Key;
        if (await MayPassAsync(context, rule))
        {
            await next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"vine\"";
        await ProblemReply.WriteAsync(context, 401, ErrorCodes.AuthKeyRequired, Why(context, rule));
    }

    private async Task<bool> MayPassAsync(HttpContext context, AccessRule rule)
    {
        if (rule == AccessRule.Probe)
        {
            return true;
        }

        if (context.Request.Headers.Authorization.Count == 0)
        {
            return rule == AccessRule.Open && (access.Mode == AccessMode.Loopback || context.GetEndpoint() is not RouteEndpoint);
        }

        if (Bearer(context.Request) is not { } token)
        {
            return false;
        }

        if (rule == AccessRule.Agent)
        {
            var agent = await agents.FindAsync(token, context.RequestAborted);
            context.Features.Set(agent);
            context.Features.Set(agent is null ? null : new Caller($"agent:{agent.ExecutionId}"));
            return agent is not null;
        }

        var isKey = access.Key.Matches(token);
        context.Features.Set(isKey ? new Caller(access.Key.Name) : null);
        return isKey;
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } header]
        && AuthenticationHeaderValue.TryParse(header, out var value)
        && string.Equals(value.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
        && !string.IsNullOrWhiteSpace(value.Parameter)
            ? value.Parameter
            : null;

    private string Why(HttpContext context, AccessRule rule)
    {
        var given = context.Request.Headers.Authorization.Count == 0
            ? "Authorization is missing"
            : "The credential in Authorization is not the one wanted here";
        return rule == AccessRule.Agent
            ? given + "; this takes 'Authorization: Bearer <token>' with the token of a running execution."
            : $"{given}; send 'Authorization: Bearer <key>' with "
                + (access.Key.IsConfigured
                    ? $"the server's {AccessKey.Variable}."
                    : $"the key in {RunKey.FileName} of the server's data folder.");
    }
}
