using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AgentVine.Client;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Worker.Tests.Host;

/// <summary>A server whose answers a test writes, and whose calls it reads.</summary>
internal sealed class ServerStandIn(Func<string, (HttpStatusCode Status, string Body)> answer) : HttpMessageHandler
{
    public ConcurrentQueue<(string Call, byte[] Body)> Calls { get; } = new();

    public ServerLink Link(ManualTime time)
    {
        var options = new VineClientOptions
        {
            Server = new Uri("http://127.0.0.1:1"),
            Key = "vine_key_of_a_test",
            Handler = this,
            TimeProvider = time,
            ReplaceNul = true,
        };
        return new ServerLink(new VineClient(options), time, NullLogger<ServerLink>.Instance);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Task.Yield();
        var call = $"{request.Method} {request.RequestUri!.AbsolutePath}";
        Calls.Enqueue((call, request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancellationToken)));
        var (status, body) = answer(call);
        var type = (int)status < 400 ? "application/json" : "application/problem+json";
        return new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, type), RequestMessage = request };
    }
}
