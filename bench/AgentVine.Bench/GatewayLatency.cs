using System.Diagnostics;
using System.Text;
using AgentVine.ScriptedModel;
using AgentVine.Worker.Accounts;
using AgentVine.Worker.Gateway;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Bench;

/// <summary>What a worker's model gateway adds to a call: the same call of the scripted model, direct and by the gateway in turn.</summary>
internal static class GatewayLatency
{
    private const int BodyBytes = 100_000;

    public static async Task<Measurement> MeasureAsync(int rounds)
    {
        await using var model = await ScriptedModelServer.StartAsync(
            new ScriptedModelOptions { Untagged = _ => Reply.Finish("A short answer.") }, CancellationToken.None);
        var account = new ModelAccount { Name = "bench", ApiKey = "scripted-model-needs-no-key", BaseUrl = model.BaseUrl };
        await using var gateway = new ModelGateway([account], recorder: null, socket: null, TimeProvider.System, NullLogger.Instance);
        await gateway.StartAsync(CancellationToken.None);
        await using var pass = gateway.Admit(new GatewayGuest
        {
            Account = account.Name,
            Held = _ => Task.CompletedTask,
            Usage = new UsageLedger(new PriceTable(new Dictionary<string, ModelPrice>()), TimeProvider.System),
        });
        using var http = new HttpClient();
        var added = new List<double>();
        for (var i = -rounds / 10; i < rounds; i++)
        {
            var direct = await CallAsync(http, model.BaseUrl, "none");
            var by = await CallAsync(http, pass.Access.Url, pass.Access.Token);
            if (i >= 0)
            {
                added.Add((by - direct).TotalMilliseconds);
            }
        }

        return Measurement.Of("a model call: added by the gateway", added, 1, "ms");
    }

    // To the first byte of the answer and on to its last: the agent waits for both.
    private static async Task<TimeSpan> CallAsync(HttpClient http, Uri url, string key)
    {
        using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(url, "/v1/messages"))
        {
            Content = new StringContent(
                $$"""{"model":"claude-opus-5-5","stream":true,"messages":[{"role":"user","content":"{{new string('x', BodyBytes)}}"}]}""", Encoding.UTF8, "application/json"),
        };
        call.Headers.Add("x-api-key", key);
        var watch = Stopwatch.StartNew();
        using var answer = await http.SendAsync(call, HttpCompletionOption.ResponseHeadersRead);
        await answer.Content.CopyToAsync(Stream.Null);
        return watch.Elapsed;
    }
}
