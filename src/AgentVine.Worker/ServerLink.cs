using AgentVine.Client;
using Microsoft.Extensions.Logging;

namespace AgentVine.Worker;

/// <summary>
/// Calls that must arrive: tried again with growing pauses while the server is away or busy, until it answers or the worker is
/// told to stop. An answer of the kind 4xx is final. Safe for calls that can be repeated, which all of a worker's can.
/// </summary>
internal sealed partial class ServerLink(VineClient client, TimeProvider time, ILogger logger, Lease? lease = null)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private int _away;

    public VineClient Client { get; } = client;

    /// <summary>A link for what may leave only under a good lease: each try waits for that.</summary>
    public ServerLink Under(Lease counted) => new(Client, time, logger, counted);

    public async Task<T> CallAsync<T>(Func<VineClient, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            if (lease is not null)
            {
                await lease.WhenSettledAsync(cancellationToken);
            }

            try
            {
                var answer = await call(Client, cancellationToken);
                Back();
                return answer;
            }
            catch (Exception exception) when (IsPassing(exception) && !cancellationToken.IsCancellationRequested)
            {
                Away(exception);
                await Task.Delay(pause * (1 + (Random.Shared.NextDouble() / 4)), time, cancellationToken);
            }
        }
    }

    public Task CallAsync(Func<VineClient, CancellationToken, Task> call, CancellationToken cancellationToken) =>
        CallAsync(
            async (client, token) =>
            {
                await call(client, token);
                return true;
            },
            cancellationToken);

    /// <summary>Sends a file, from its beginning with each try.</summary>
    public Task SendFileAsync(string path, Func<VineClient, Stream, CancellationToken, Task> send, CancellationToken cancellationToken) =>
        CallAsync(
            async (client, token) =>
            {
                await using var body = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                await send(client, body, token);
            },
            cancellationToken);

    // Only what the server itself refused, in its own words, is final: a proxy on the way, or a slow line, says 4xx too.
    private static bool IsPassing(Exception exception) => exception switch
    {
        VineUnreachableException => true,
        VineApiException { Problem: { } problem } => problem.Status is >= 500 or 408 or 425 or 429 || problem.Code is null,
        _ => false,
    };

    private void Away(Exception exception)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0)
        {
            LogAway(logger, Client.Server, exception.Message);
        }
    }

    private void Back()
    {
        if (Interlocked.Exchange(ref _away, 0) == 1)
        {
            LogBack(logger, Client.Server);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The server {Server} does not take calls now ({Reason}); what runs goes on, and the calls are tried again.")]
    private static partial void LogAway(ILogger logger, Uri server, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The server {Server} takes calls again.")]
    private static partial void LogBack(ILogger logger, Uri server);
}
