using System.Net;
using AgentVine.Contracts;
using Xunit;

namespace AgentVine.Engine.Tests.Http;

public sealed class WorkerBodyTests(BodyServer fixture) : IClassFixture<BodyServer>
{
    [Fact]
    public async Task UnknownMembers_AreIgnored_SinceAWorkerMayBeNewer()
    {
        var reply = await PostAsync("/workers", """{"name":"w","slots":2,"protocol":1,"runtimes":["command"],"mood":{"a":["\ud800"]},"Name":7}""");

        Assert.True(reply.StatusCode == HttpStatusCode.OK, await reply.Content.ReadAsStringAsync());
        Assert.Contains("\"name\":\"w\"", await reply.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_AreNamedByTheirPath_WhenTheyAreNested()
    {
        var beat = await RefusedAsync(
            "/heartbeat",
            """{"status":"sleepy","leases":[{"work_order_id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","lease_token":1},{"lease_token":"1","alive_at":"2026-01-01T00:00:00"},7]}""");
        var complete = await RefusedAsync(
            "/complete",
            """{"work_order_id":"x","lease_token":1.5,"result":{"cost_usd":"1","tokens":{"input":1},"diff_stat":null},"claim_next":{"wait":61}}""");

        Assert.Equal(["is required"], beat["leases[1].work_order_id"]);
        Assert.Equal(["must be a whole number, not a string"], beat["leases[1].lease_token"]);
        Assert.Equal(["must be a time with its offset, as in 2026-01-31T12:00:00Z"], beat["leases[1].alive_at"]);
        Assert.Equal(["must be an object, not a number"], beat["leases[2]"]);
        Assert.StartsWith("must be one of idle, busy", beat["status"].Single(), StringComparison.Ordinal);
        Assert.Equal(5, beat.Count);
        Assert.Equal(["must be a UUID, as in 0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33"], complete["work_order_id"]);
        Assert.Equal(["must be a whole number, not 1.5"], complete["lease_token"]);
        Assert.Equal(["must be a number, not a string"], complete["result.cost_usd"]);
        Assert.Equal(["is required"], complete["result.tokens.output"]);
        Assert.Equal(["is required"], complete["result.tokens.cache_read"]);
        Assert.Equal(["is required"], complete["result.tokens.cache_write"]);
        Assert.Equal(["is required"], complete["claim_next.claim_id"]);
        Assert.Equal(["must be a whole number between 0 and 60, not 61"], complete["claim_next.wait"]);
        Assert.Equal(8, complete.Count);
    }

    [Fact]
    public async Task Collections_AreBounded()
    {
        var errors = await RefusedAsync(
            "/workers",
            $$"""{"name":"w","slots":2,"protocol":1,"labels":{"a":1,"b":null,"c":"d"},"runtimes":[{{string.Join(',', Enumerable.Repeat("\"a\"", 17))}}]}""");

        Assert.Equal(["has 17 items; at most 16 are allowed"], errors["runtimes"]);
        Assert.Equal(["must be a string, not a number"], errors["labels.a"]);
        Assert.Equal(["must not be null"], errors["labels.b"]);
        Assert.Equal(3, errors.Count);
    }

    [Fact]
    public async Task OpenEndedRange_SaysWhatItAsksFor()
    {
        var errors = await RefusedAsync("/workers", """{"name":"w","slots":2,"protocol":1,"runtimes":[],"context_window":0}""");

        Assert.Equal(["must be a whole number of at least 1, not 0"], errors["context_window"]);
    }

    private Task<HttpResponseMessage> PostAsync(string path, string json) => fixture.Server.Client.PostAsync(path, Replies.Json(json));

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> RefusedAsync(string path, string json) =>
        (await (await PostAsync(path, json)).ProblemAsync(400, ErrorCodes.ValidationFailed)).Errors!;
}
