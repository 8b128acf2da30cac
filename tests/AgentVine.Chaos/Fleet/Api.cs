using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Chaos.Fleet;

/// <summary>The server's API over plain HTTP: what the suite believes comes from answers, not through the product's own client.</summary>
internal sealed class Api : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly HttpClient _http;

    public Api(Uri server, string key)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
        {
            BaseAddress = server,
            Timeout = TimeSpan.FromSeconds(20),
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>One try.</summary>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (body is not null)
        {
            request.Content = new StringContent(JsonSerializer.Serialize(body, VineJson.Options), Encoding.UTF8, "application/json");
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var sequence = response.Headers.TryGetValues("Event-Sequence", out var values)
            ? long.Parse(values.First(), CultureInfo.InvariantCulture)
            : (long?)null;
        using var json = text.Length == 0 ? null : JsonDocument.Parse(text);
        return new ApiAnswer((int)response.StatusCode, json?.RootElement.Clone() ?? default, sequence);
    }

    /// <summary>Reads, again and again while the server is away.</summary>
    /// <exception cref="TimeoutException">It did not come back.</exception>
    public async Task<ApiAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var enough = new CancellationTokenSource(Patience, TimeProvider.System);
        while (true)
        {
            if (enough.IsCancellationRequested)
            {
                throw new TimeoutException($"GET {path} had no answer for {Patience.TotalSeconds:0} s.");
            }


            if (await TryAsync(HttpMethod.Get, path, null, cancellationToken) is { Status: < 500 } answer)
            {
                return answer.Status < 400 ? answer : throw new InvalidOperationException($"GET {path} was answered with {answer.Status}: {answer.Body}");
            }

            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>One try; null when no answer came.</summary>
    public async Task<ApiAnswer?> TryAsync(HttpMethod method, string path, object? body, CancellationToken cancellationToken, string? idempotencyKey = null)
    {
        try
        {
            return await SendAsync(method, path, body, cancellationToken, idempotencyKey);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>A stream of server-sent events, from its headers on.</summary>
    public async Task<HttpResponseMessage> OpenStreamAsync(string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        return (await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)).EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();
}
