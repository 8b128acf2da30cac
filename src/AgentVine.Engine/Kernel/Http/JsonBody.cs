using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Unicode;
using AgentVine.Contracts;
using Microsoft.AspNetCore.Http.Features;

namespace AgentVine.Engine.Kernel.Http;

/// <summary>Reads and checks JSON bodies.</summary>
internal static class JsonBody
{
    /// <summary>The deepest nesting that a body may have.</summary>
    public const int MaximumDepth = 32;

    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>Names are exact here: a member that the check does not know must not be bound by another spelling.</summary>
    public static JsonSerializerOptions Options { get; } = Exact();

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The checked body of an endpoint that declares one; null when it may be absent and is.</summary>
    /// <exception cref="ProblemException">400, 413 or 415.</exception>
    public static async Task<T?> ReadAsync<T>(HttpContext context)
        where T : class
    {
        var (_, optional, refuseUnknown) = context.GetEndpoint()!.Metadata.GetRequiredMetadata<BodyMetadata>();
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
        {
            return optional ? null : throw Missing(context);
        }

        RefuseTooLarge(context);
        var bytes = await BytesAsync(context.Request, context.RequestAborted);
        if (bytes.Length == 0)
        {
            return optional ? null : throw Missing(context);
        }

        RefuseForeignMediaType(context.Request);
        using var document = Parse(bytes);
        var faults = new Faults();
        new BodyCheck(faults, refuseUnknown).Run(document.RootElement, typeof(T));
        faults.ThrowIfAny();
        return Bind<T>(document.RootElement);
    }

    private static T Bind<T>(JsonElement element)
    {
        try
        {
            return element.Deserialize<T>(Options)!;
        }
        catch (JsonException exception)
        {
            // The check knows every rule of the types in use; what it does not know must still not end as a fault of the server.
            throw Faults.Of(exception.Path is { Length: > 2 } path ? path[2..] : "$", "cannot be read: " + Sentence(exception));
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // Grows with what arrives: a length is only a promise, and memory for promises is how servers are brought down.
        using var buffer = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, FirstBufferBytes));
        await request.Body.CopyToAsync(buffer, cancellationToken);
        return buffer.ToArray();
    }

    private static JsonDocument Parse(byte[] bytes)
    {
        var json = bytes.AsMemory(bytes.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0);
        if (!Utf8.IsValid(json.Span))
        {
            throw Faults.Of("$", "is not UTF-8; send JSON encoded as UTF-8");
        }

        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaximumDepth });
        }
        catch (JsonException exception)
        {
            throw Faults.Of("$", NestsTooDeep(json.Span)
                ? $"nests deeper than {MaximumDepth} levels"
                : $"is not JSON: {Sentence(exception)} (line {exception.LineNumber + 1}, position {exception.BytePositionInLine + 1})");
        }
    }

    private static bool NestsTooDeep(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= MaximumDepth)
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // Faulty before it is too deep.
        }

        return false;
    }

    private static string Sentence(JsonException exception)
    {
        // The parser appends its own notion of the position, counted from 0.
        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var path = exception.Message.IndexOf(" Path:", StringComparison.Ordinal);
        end = path >= 0 && (end < 0 || path < end) ? path : end;
        return Faults.Printable((end >= 0 ? exception.Message[..end] : exception.Message).TrimEnd('.'));
    }

    private static void RefuseTooLarge(HttpContext context)
    {
        var limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (context.Request.ContentLength > limit)
        {
            throw BodyLimit.Exceeded(limit.Value);
        }
    }

    private static void RefuseForeignMediaType(HttpRequest request)
    {
        var isJson = MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
                || (type.MediaType!.StartsWith("application/", StringComparison.OrdinalIgnoreCase)
                    && type.MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
            && (type.CharSet is null || string.Equals(type.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
        if (!isJson)
        {
            throw new ProblemException(
                415, ErrorCodes.BodyMediaType,
                $"Content-Type is '{Faults.Printable(request.ContentType ?? "")}'; send 'application/json', encoded as UTF-8.");
        }

        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding.Length > 0 && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ProblemException(
                415, ErrorCodes.BodyMediaType, $"Content-Encoding is '{Faults.Printable(encoding)}'; send the body uncompressed.");
        }
    }

    private static ProblemException Missing(HttpContext context) =>
        Faults.Of("$", $"is missing; {context.Request.Method} {context.Request.Path} takes a JSON object, sent as 'application/json'");

    private static JsonSerializerOptions Exact()
    {
        var options = new JsonSerializerOptions(VineJson.Options) { PropertyNameCaseInsensitive = false };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
