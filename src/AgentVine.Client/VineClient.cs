using System.Text.Json;
using AgentVine.Contracts;

namespace AgentVine.Client;

/// <summary>
/// The typed client of an AgentVine server. Safe to share between threads. A refusal is a <see cref="VineApiException"/>, no answer a
/// <see cref="VineUnreachableException"/>. Nothing is retried except where a member says so: a call may have arrived when it throws.
/// </summary>
public sealed partial class VineClient : IDisposable
{
    private readonly VineClientOptions _options;
    private readonly VineTransport _transport;

    /// <summary>Makes a client; connects with the first call.</summary>
    /// <exception cref="ArgumentException">The server's address or the key cannot be one.</exception>
    public VineClient(VineClientOptions options)
    {
        _options = options;
        _transport = new VineTransport(options);
    }

    /// <summary>The server that this client talks to.</summary>
    public Uri Server => _options.Server;

    /// <summary>What answers there: name, version, database.</summary>
    public Task<About> GetAboutAsync(CancellationToken cancellationToken) => ReadAsync<About>(ApiCall.Get("about"), cancellationToken);

    /// <summary>How the server and its parts fare; an unhealthy server answers too.</summary>
    public Task<HealthView> GetHealthAsync(CancellationToken cancellationToken) =>
        ReadAsync<HealthView>(ApiCall.Get("health") with { AlsoTakes = 503 }, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private Task<T> ReadAsync<T>(ApiCall call, CancellationToken cancellationToken) =>
        _transport.SendAsync(call, static (response, token) => DeserializeAsync<T>(response, token), cancellationToken);

    private Task<Page<T>> ReadPageAsync<T>(ApiCall call, CancellationToken cancellationToken) =>
        _transport.SendAsync(call, static async (response, token) => Paging.Read(response, await DeserializeAsync<T[]>(response, token)), cancellationToken);

    private async Task SendAsync(ApiCall call, CancellationToken cancellationToken) =>
        await _transport.SendAsync(call, static (_, _) => Task.FromResult(true), cancellationToken);

    private Task CopyAsync(string path, string accept, Stream destination, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            ApiCall.Get(path) with { Accept = accept + ", application/problem+json", Transfer = true },
            async (response, token) =>
            {
                await response.Content.CopyToAsync(destination, token);
                return true;
            },
            cancellationToken);

    private static async Task<T> DeserializeAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync<T>(body, VineJson.Options, cancellationToken)
            ?? throw new JsonException("the answer is null");
    }

    private Task CopyAsync(ApiCall call, Stream destination, CancellationToken cancellationToken) =>
        _transport.SendAsync(
            call with { Transfer = true },
            async (response, token) =>
            {
                await response.Content.CopyToAsync(destination, token);
                return true;
            },
            cancellationToken);
}
