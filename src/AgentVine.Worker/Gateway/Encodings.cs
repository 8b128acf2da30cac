using Microsoft.Extensions.Primitives;

namespace AgentVine.Worker.Gateway;

/// <summary>Which compressions an agent may ask a model's provider for: those that the gateway can meter.</summary>
internal static class Encodings
{
    private static readonly string[] Readable = ["gzip", "x-gzip", "br", "deflate", "identity"];

    /// <summary>What an agent accepts, without what the gateway cannot read; unchanged where that takes nothing away.</summary>
    public static StringValues WithoutUnreadable(StringValues accepted)
    {
        var all = accepted.SelectMany(value => (value ?? string.Empty).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        var kept = all.Where(coding => Readable.Contains(coding.Split(';', 2)[0].Trim(), StringComparer.OrdinalIgnoreCase)).ToList();
        return kept.Count == all.Count ? accepted : kept.Count == 0 ? "identity" : string.Join(", ", kept);
    }
}
