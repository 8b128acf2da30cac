using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace AgentVine.Worker.Gateway;

/// <summary>Passes a call on and its answer back, as they are: method, path, query, headers and bytes, each piece when it comes.</summary>
internal sealed partial class ModelForwarder(ModelUpstream upstream, ExchangeRecorder? recorder, ILogger logger) : IDisposable
{
    private const int Piece = 16 * 1024;

    // Of one connection, and so not of the next; and who calls, which is exchanged.
    private static readonly HashSet<string> NotForwarded = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
        "Host", "Expect", "x-api-key", "Authorization",
    };

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        // A proxy of the environment does not know this machine's loopback.
        UseProxy = !upstream.Url.IsLoopback,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        EnableMultipleHttp2Connections = true,
    });

    /// <summary>Returns when the whole answer was passed back. <paramref name="cut"/> ends the call upstream too.</summary>
    /// <param name="call">The agent's call.</param>
    /// <param name="watch">Sees what comes back; null for calls that cost nothing.</param>
    /// <param name="cut">The call is over.</param>
    public async Task ForwardAsync(HttpContext call, CallWatch? watch, CancellationToken cut)
    {
        using var record = recorder?.Begin(call);
        using var request = Request(call, record);
        HttpResponseMessage answer;
        try
        {
            answer = await _http.SendAsync(request, cut);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or OperationCanceledException && !cut.IsCancellationRequested)
        {
            // A connection that took too long is told as a cancellation.
            LogUnreachable(upstream.Url, fault.Message);
            watch?.Unreachable(fault.Message);
            await GatewayErrors.WriteAsync(
                call, StatusCodes.Status502BadGateway, "api_error", $"The worker's model gateway got no answer from {upstream.Url.GetLeftPart(UriPartial.Authority)}: {fault.Message}");
            return;
        }

        using (answer)
        {
            Begin(call.Response, answer);
            record?.Answer(answer);
            watch?.Begin(answer);
            try
            {
                await CopyAsync(answer, call.Response, watch, record, cut);

                // The agent has its answer before that is booked.
                await call.Response.CompleteAsync();
                record?.End();
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException && !cut.IsCancellationRequested)
            {
                // The status has gone out: only a cut connection tells the agent that this is not the whole answer.
                LogBroken(upstream.Url, broken.Message);
                call.Abort();
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpContext call, ExchangeRecord? record)
    {
        var request = new HttpRequestMessage(new HttpMethod(call.Request.Method), upstream.Address(CallTarget.Of(call)))
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher,
        };
        if (call.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody)
        {
            request.Content = new StreamContent(record?.Copying(call.Request.Body) ?? call.Request.Body, Piece);
        }

        foreach (var (name, values) in call.Request.Headers)
        {
            if (IsForwarded(name, call.Request.Headers.Connection))
            {
                Add(request, name, name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase) ? Encodings.WithoutUnreadable(values) : values);
            }
        }

        upstream.Authenticate(request.Headers);
        return request;
    }

    private static void Add(HttpRequestMessage request, string name, StringValues values)
    {
        if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
        {
            request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
    }

    private static void Begin(HttpResponse response, HttpResponseMessage answer)
    {
        response.StatusCode = (int)answer.StatusCode;
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = answer.ReasonPhrase;
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var connection = new StringValues([.. answer.Headers.Connection]);
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
        {
            if (IsForwarded(name, connection))
            {
                response.Headers.Append(name, new StringValues([.. values]));
            }
        }
    }

    private static async Task CopyAsync(HttpResponseMessage answer, HttpResponse response, CallWatch? watch, ExchangeRecord? record, CancellationToken cut)
    {
        // The head goes out before the first piece: a model may think for long.
        await response.StartAsync(cut);
        await response.Body.FlushAsync(cut);
        await using var body = await answer.Content.ReadAsStreamAsync(cut);
        var buffer = new byte[Piece];
        int read;
        while ((read = await body.ReadAsync(buffer, cut)) > 0)
        {
            await response.Body.WriteAsync(buffer.AsMemory(0, read), cut);
            await response.Body.FlushAsync(cut);
            record?.Received(buffer.AsSpan(0, read));
            if (watch is not null)
            {
                await watch.AddAsync(buffer.AsMemory(0, read), cut);
            }
        }
    }

    private static bool IsForwarded(string name, StringValues connection) =>
        !NotForwarded.Contains(name)
        && !connection.Any(value => value?.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase) == true);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A model call got no answer from {Upstream}: {Reason}")]
    private partial void LogUnreachable(Uri upstream, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The answer to a model call of {Upstream} broke off: {Reason}")]
    private partial void LogBroken(Uri upstream, string reason);
}
