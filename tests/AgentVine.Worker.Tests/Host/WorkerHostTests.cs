using System.Net;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes;
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

    [Fact]
    public async Task Worker_LooksThroughWhatIsLeft_WhenItRegistersAnew()
    {
        var ground = new OutboxGround();
        var left = Path.Join(ground.Attempts, Guid.NewGuid().ToString());
        var (registered, wasLeft) = (0, true);
        var server = new ServerStandIn(call =>
        {
            switch (call)
            {
                case Register:
                    wasLeft = Directory.Exists(left);
                    registered++;
                    return (HttpStatusCode.Created, Registered);
                case $"POST /api/v1/workers/{Id}/heartbeat" when registered == 1:
                    Directory.CreateDirectory(left);
                    return (HttpStatusCode.NotFound, """{"status":404,"code":"workers.not_found"}""");
                case $"POST /api/v1/workers/{Id}/heartbeat":
                    return (HttpStatusCode.OK, """{"renewed":[],"lost":[]}""");
                case $"GET /api/v1/workers/{Id}/commands":
                    return (HttpStatusCode.OK, registered == 1 ? "[]" : """[{"n":1,"type":"drain"}]""");
                default:
                    return (HttpStatusCode.NoContent, "");
            }
        });

        await RunAsync(server, ground);

        Assert.Equal((2, false), (registered, wasLeft));
    }

    private static ServerStandIn Server(string commands, (HttpStatusCode Status, string Body) beat) => new(call => call switch
    {
        Register => (HttpStatusCode.Created, Registered),
        $"POST /api/v1/workers/{Id}/heartbeat" => beat,
        $"GET /api/v1/workers/{Id}/commands" => (HttpStatusCode.OK, commands),
        _ => (HttpStatusCode.NoContent, ""),
    });

    private async Task RunAsync(ServerStandIn server, OutboxGround? folder = null)
    {
        using var ground = folder ?? new OutboxGround();
        var link = server.Link(_time);
        using var outbox = ground.Open(link, _time);
        var registration = new RegisterWorkerRequest { Name = "a", Slots = 1, Protocol = WorkerProtocol.Version, Runtimes = ["rehearsal"], Sandbox = "none" };

        var salvage = new Salvage(ground.Attempts, null!, null!, link, new Dictionary<string, IAgentRuntime>(), 1, _time, NullLogger.Instance);

        // No order is ever handed out, so nothing runs one.
        await new WorkerHost(link, outbox, salvage, null!, new Deletions(), registration, _time, NullLogger<WorkerHost>.Instance)
            .RunAsync(TestContext.Current.CancellationToken, CancellationToken.None);
    }
}
