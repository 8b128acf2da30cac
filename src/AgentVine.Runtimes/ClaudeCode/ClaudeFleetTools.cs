using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentVine.Runtimes.ClaudeCode;

/// <summary>
/// The way from Claude Code to the <c>vine</c> MCP server: the program speaks MCP over its control protocol, and each message is passed on
/// over HTTP with the attempt's token, which the agent never has. So it needs no network for them.
/// </summary>
internal sealed class ClaudeFleetTools : IDisposable
{
    public const string ServerName = "vine";

    private const int ServerError = -32_000;

    // These ask and change nothing: a server that is being started anew is asked again. A call is sent again only where it was not taken.
    private static readonly HashSet<string> Repeatable = new(StringComparer.Ordinal) { "initialize", "ping", "tools/list" };

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, CancellationTokenSource> _open = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _over = new();
    private readonly HttpClient _http;
    private readonly McpAccess _access;
    private readonly TimeProvider _time;

    public ClaudeFleetTools(McpAccess access, TimeProvider time)
        : this(access, time, new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !access.Url.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(30),
        })
    {
    }

    internal ClaudeFleetTools(McpAccess access, TimeProvider time, HttpMessageHandler handler)
    {
        (_access, _time) = (access, time);
        _http = new HttpClient(handler)
        {
            // A person may be asked.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The server's answer to <paramref name="message"/>, a JSON-RPC error where there is none; null once the program no longer waits.</summary>
    public async Task<JsonNode?> AnswerAsync(JsonElement message)
    {
        var id = message.Member("id");
        if (id is null)
        {
            GiveUp(message);
            return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 0, ["result"] = new JsonObject() };
        }

        var key = id.Value.GetRawText();
        using var call = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        _open[key] = call;
        try
        {
            var answer = await AskAsync(message, call.Token);
            return message.Text("method") == "tools/list" ? AlwaysLoaded(answer) : answer;
        }
        catch (OperationCanceledException) when (call.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception failure)
        {
            // Whatever it was: the program waits for an answer, and a run must not end by one that fails.
            return Error(id.Value, $"The AgentVine server did not answer: {failure.Message}");
        }
        finally
        {
            _open.TryRemove(new(key, call));
        }
    }

    /// <summary>Nobody waits for an answer any more: the server learns that from the calls' ends.</summary>
    public void HangUp() => _over.Cancel();

    public void Dispose()
    {
        _http.Dispose();
        _over.Dispose();
    }

    private void GiveUp(JsonElement notification)
    {
        if (notification.Text("method") == "notifications/cancelled"
            && notification.Member("params")?.Member("requestId")?.GetRawText() is { } key
            && _open.TryGetValue(key, out var call))
        {
            try
            {
                call.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It came to its end meanwhile.
            }
        }
    }

    private async Task<JsonNode> AskAsync(JsonElement message, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = pause < TimeSpan.FromSeconds(5) ? pause * 2 : pause)
        {
            try
            {
                return await PostAsync(message, cancellationToken);
            }
            catch (Exception failure) when (MayRepeat(message, failure) && !cancellationToken.IsCancellationRequested && _time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(pause, _time, cancellationToken);
            }
        }
    }

    // The only time-out is that of connecting, which comes as a cancellation.
    private static bool MayRepeat(JsonElement message, Exception failure) => failure switch
    {
        OperationCanceledException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => true,
        HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError } => Repeatable.Contains(message.Text("method") ?? ""),
        _ => false,
    };

    private async Task<JsonNode> PostAsync(JsonElement message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _access.Url)
        {
            Content = new StringContent(message.GetRawText(), new MediaTypeHeaderValue(MediaTypeNames.Application.Json)),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _access.Token);
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized)
        {
            return Error(message.Member("id")!.Value, "This attempt is over.");
        }

        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return answer.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? await ReadEventAsync(body, cancellationToken)
            : await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) ?? throw new JsonException("The answer is empty.");
    }

    // Of a stream of server-sent events, the one that is an answer.
    private static async Task<JsonNode> ReadEventAsync(Stream body, CancellationToken cancellationToken)
    {
        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            if (JsonNode.Parse(item.Data) is JsonObject message && (message.ContainsKey("result") || message.ContainsKey("error")))
            {
                return message;
            }
        }

        throw new IOException("the connection ended before the answer came");
    }

    // The fleet's tools stand before the model from its first call on, in place of behind a search for tools.
    private static JsonNode AlwaysLoaded(JsonNode answer)
    {
        foreach (var tool in (answer["result"]?["tools"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (tool["_meta"] is not JsonObject meta)
            {
                tool["_meta"] = meta = [];
            }

            meta["anthropic/alwaysLoad"] = true;
        }

        return answer;
    }

    private static JsonObject Error(JsonElement id, string message) => new()
    {
        ["jsonrpc"] = "2.0",
        ["id"] = JsonSerializer.SerializeToNode(id),
        ["error"] = new JsonObject { ["code"] = ServerError, ["message"] = message },
    };
}
