using System.Net.Http.Headers;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>One call before it is sent; it can be sent more than once.</summary>
internal sealed record ApiCall(HttpMethod Method, string Path)
{
    private byte[]? _json;

    /// <summary>Seconds of a long poll, on top of the time-out.</summary>
    public int Wait { get; init; }

    /// <summary>Makes the server answer a repetition with the first answer.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>What the answer may be.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>A body that is streamed, and so sent once.</summary>
    public HttpContent? Content { get; init; }

    /// <summary>A status beyond 2xx whose body is an answer too.</summary>
    public int AlsoTakes { get; init; }

    /// <summary>Whether it carries much: the longer time-out applies.</summary>
    public bool Transfer { get; init; }

    public static ApiCall Get(string path) => new(HttpMethod.Get, path);

    public static ApiCall Post<T>(string path, T body) => new(HttpMethod.Post, path) { _json = Json(body) };

    public static ApiCall Post(string path) => new(HttpMethod.Post, path);

    public static ApiCall Put<T>(string path, T body) => new(HttpMethod.Put, path) { _json = Json(body) };

    public static ApiCall Patch<T>(string path, T body) => new(HttpMethod.Patch, path) { _json = Json(body) };

    public static ApiCall Delete(string path) => new(HttpMethod.Delete, path);

    public HttpRequestMessage ToRequest(bool replaceNul)
    {
        if (replaceNul && _json is not null)
        {
            ReplaceNul(_json);
        }

        var request = new HttpRequestMessage(Method, Path) { Content = Content };
        if (_json is not null)
        {
            request.Content = new ByteArrayContent(_json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        request.Headers.Accept.ParseAdd(Accept);
        if (IdempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", IdempotencyKey);
        }

        return request;
    }

    // Both escapes are of one length. A backslash before it that is itself escaped makes it plain text.
    private static void ReplaceNul(Span<byte> json)
    {
        int found;
        for (var start = 0; (found = json[start..].IndexOf("\\u0000"u8)) >= 0; start += found + 6)
        {
            var backslash = start + found;
            var before = json[..backslash];
            if ((before.Length - before.TrimEnd((byte)'\\').Length) % 2 == 0)
            {
                "\\uFFFD"u8.CopyTo(json[backslash..]);
            }
        }
    }

    private static byte[] Json<T>(T body) => JsonSerializer.SerializeToUtf8Bytes(body, VineJson.Options);
}
