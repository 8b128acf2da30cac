using System.Net;
using AgentVine.Contracts.Workers;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class WorkerHostTests
{
    private const string Id = "0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33";
    private const string Register = "POST /api/v1/workers";

    private const string Registered = $$"""
        {"id":"{{Id}}","settings":{"heartbeat_seconds":30,"lease_seconds":90},"worker":{"id":"{{Id}}","name":"a","status":"idle","slots":1,"leased":0,
        "runtimes":["rehearsal"],"created_at":"2030-01-01T00:00:00Z","last_seen_at":"2030-01-01T00:00:00Z"} }
        """;

    private readonly ManualTime _time = new();

    [Fact]
    public async Task Worker_DeregistersAndEnds_WhenTheServerDrainsIt()
    {
        var server = Server("""[{"n":1,"type":"drain"}]""", (HttpStatusCode.OK, """{"renewed":[],"lost":[]}"""));

        await RunAsync(server);

        Assert.Single(server.Calls, call => call.Call == Register);
        Assert.Single(server.Calls, call => call.Call == $"DELETE /api/v1/workers/{Id}");
    }

    [Fact]
    public async Task Worker_EndsAndStaysAway_WhenAnotherTookItsName()
    {
        var server = Server("[]", (HttpStatusCode.NotFound, """{"status":404,"code":"workers.superseded"}"""));

        await RunAsync(server);

        Assert.Single(server.Calls, call => call.Call == Register);
        Assert.DoesNotContain(server.Calls, call => call.Call.StartsWith("DELETE", StringComparison.Ordinal));
    }

    private static ServerStandIn Server(string commands, (HttpStatusCode Status, string Body) beat) => new(call => call switch
    {
        Register => (HttpStatusCode.Created, Registered),
        $"POST /api/v1/workers/{Id}/heartbeat" => beat,
        $"GET /api/v1/workers/{Id}/commands" => (HttpStatusCode.OK, commands),
        _ => (HttpStatusCode.NoContent, ""),
    });

    private async Task RunAsync(ServerStandIn server)
    {
        using var ground = new OutboxGround();
        var link = server.Link(_time);
        using var outbox = ground.Open(link, _time);
        var registration = new RegisterWorkerRequest { Name = "a", Slots = 1, Protocol = WorkerProtocol.Version, Runtimes = ["rehearsal"], Sandbox = "none" };

        // No order is ever handed out, so nothing runs one.
        await new WorkerHost(link, outbox, null!, new Deletions(), registration, _time, NullLogger<WorkerHost>.Instance)
            .RunAsync(TestContext.Current.CancellationToken, CancellationToken.None);
    }
}
