using System.Security.Cryptography;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>A caller's name for one write, with what it belongs to: the route and the body's meaning.</summary>
internal sealed record IdempotencyKey(string Route, string Key, string BodyHash)
{
    public const string Header = "Idempotency-Key";
    public const int MaximumLength = 255;

    /// <summary>The request's key, or null when it has none.</summary>
    /// <exception cref="ProblemException">400 <c>validation.failed</c>.</exception>
    public static IdempotencyKey? Of(HttpContext context, object? body)
    {
        if (!context.Request.Headers.TryGetValue(Header, out var values))
        {
            return null;
        }

        var key = values.Count == 1 ? values[0] ?? "" : "";
        if (key.Length is 0 or > MaximumLength || key.Any(character => character is <= ' ' or > '~'))
        {
            throw Faults.Of(
                Header,
                $"must be there once and be 1 to {MaximumLength} visible ASCII characters without spaces; a new UUID for each write will do");
        }

        // The bound value, not the bytes: a retry that orders members or spaces differently means the same.
        var meaning = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body, body.GetType(), VineJson.Options);
        return new IdempotencyKey(
            $"{context.Request.Method} {context.Request.Path}", key, Convert.ToHexStringLower(SHA256.HashData(meaning)));
    }
}
