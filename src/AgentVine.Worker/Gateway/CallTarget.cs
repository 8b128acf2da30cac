using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentVine.Worker.Gateway;

/// <summary>What a call asks for, as the agent wrote it: nothing is decoded, and no dots are resolved.</summary>
/// <param name="Path">All up to the first question mark.</param>
/// <param name="Query">That and all behind it; empty where there is none.</param>
internal sealed record CallTarget(string Path, string Query)
{
    public static CallTarget Of(HttpContext call)
    {
        var written = call.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = written.IndexOf('?', StringComparison.Ordinal);
        return end < 0 ? new CallTarget(written, string.Empty) : new CallTarget(written[..end], written[end..]);
    }
}
