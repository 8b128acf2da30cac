using System.Net.Http.Headers;
using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>Sends calls and turns whatever goes wrong into the client's two exceptions.</summary>
internal sealed class VineTransport : IDisposable
{
    private const int LongestProblem = 256 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly VineClientOptions _options;
    private readonly HttpClient _http;

    public VineTransport(VineClientOptions options)
    {
        if (options.Server is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new ArgumentException(
                $"'{options.Server}' is not a server's address: give an http or https URL such as http://127.0.0.1:8000.", nameof(options));
        }

        if (options.Key?.Any(character => character is <= ' ' or > '~') == true)
        {
            throw new ArgumentException("The key holds a space or a character outside ASCII: give it as it stands in run.key.", nameof(options));
        }

        _options = options;
        _http = new HttpClient(options.Handler ?? Connections(options.Server), disposeHandler: options.Handler is null)
        {
            BaseAddress = new Uri(options.Server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("vine", Version));
        if (options.Key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        }
    }

    public TimeProvider Time => _options.TimeProvider;

    private static string Version => typeof(VineTransport).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <summary>Sends <paramref name="call"/> and hands a successful answer to <paramref name="read"/>, all of it under one deadline.</summary>
    public async Task<T> SendAsync<T>(
        ApiCall call, Func<HttpResponseMessage, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        var limit = (call.Transfer ? _options.TransferTimeout : _options.Timeout) + TimeSpan.FromSeconds(call.Wait);
        using var deadline = new CancellationTokenSource(limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            using var request = call.ToRequest(_options.ReplaceNul);
            using var response = await SendAsync(request, call.AlsoTakes, either.Token);
            return await read(response, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Explain(exception, limit) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Opens a stream that has no deadline; only its beginning has.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.Timeout, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await SendAsync(request, alsoTakes: 0, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested && Explain(exception, _options.Timeout) is { } explained)
        {
            throw explained;
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, int alsoTakes, CancellationToken cancellationToken)
    {
        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.IsSuccessStatusCode || ((int)response.StatusCode == alsoTakes && response.Content.Headers.ContentType?.MediaType is "application/json"))
        {
            return response;
        }

        using (response)
        {
            throw new VineApiException(await ReadProblemAsync(response, cancellationToken));
        }
    }

    private static async Task<Problem> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (response.Content.Headers.ContentType?.MediaType is "application/problem+json")
        {
            try
            {
                await response.Content.LoadIntoBufferAsync(LongestProblem, cancellationToken);
                using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
                var problem = await JsonSerializer.DeserializeAsync<Problem>(body, VineJson.Options, cancellationToken);
                if (problem is not null)
                {
                    return problem with { Status = status };
                }
            }
            catch (Exception exception) when (exception is JsonException or HttpRequestException or IOException)
            {
                // The status says enough.
            }
        }

        var call = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri?.AbsolutePath}";
        return new Problem { Status = status, Title = response.ReasonPhrase, Detail = $"{call} was answered with {status} {response.ReasonPhrase}." };
    }

    private VineUnreachableException? Explain(Exception exception, TimeSpan limit)
    {
        var server = _options.Server.GetLeftPart(UriPartial.Authority);
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new(
                $"the name {_options.Server.Host} is not known to this machine's resolver; check --server", false, exception),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => new(
                $"no secure connection to {server}: {exception.GetBaseException().Message}; check --server and the server's certificate",
                false, exception),
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => new(
                $"no AgentVine server answers at {server}; start one with `vine up`, or name another with --server", false, exception),
            OperationCanceledException { InnerException: TimeoutException } => new(
                $"no connection to {server} within {ConnectTimeout.TotalSeconds:0} s; check --server and the network between", false, exception),
            OperationCanceledException => new(
                $"{server} did not answer within {limit.TotalSeconds:0} s; try again, or see the server's log", true, exception),
            HttpRequestException or IOException => new(
                $"the connection to {server} broke before its answer was complete ({exception.GetBaseException().Message}); try again", true, exception),
            JsonException or NotSupportedException => new(
                $"what answers at {server} does not speak as an AgentVine server ({exception.Message}); name another with --server", true, exception),
            _ => null,
        };
    }

    private static SocketsHttpHandler Connections(Uri server) => new()
    {
        AllowAutoRedirect = false,
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        UseCookies = false,
        // A proxy of the environment does not know this machine's loopback.
        UseProxy = !server.IsLoopback,
    };
}
