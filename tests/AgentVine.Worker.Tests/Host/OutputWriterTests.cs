using System.Net;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class OutputWriterTests
{
    private const int MostTheServerTakes = 32 * 1024 * 1024;
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_AllArriveInOrder_WhenEachIsAsLongAsAnAgentsMay()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.OK, """{"stored":1}"""));
        await using (var output = Writer(server))
        {
            for (var i = 0; i < 3; i++)
            {
                // Worst of all for JSON: each of these takes six bytes.
                var text = new string('\u0001', 4 * 1024 * 1024);
                await output.AddAsync(OutputKind.Stderr, text, text, Cancellation);
            }

            await output.FinishAsync(Cancellation);
        }

        Assert.All(server.Calls, call => Assert.InRange(call.Body.Length, 1, MostTheServerTakes));
        Assert.Equal([1, 2, 3], server.Calls.SelectMany(call => Sent(call.Body)).Select(line => line.N));
    }

    [Fact]
    public async Task Text_IsSentWithoutNulAndHalfCharacters_AndOtherwiseUnchanged()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.OK, """{"stored":1}"""));
        await using (var output = Writer(server))
        {
            await output.AddAsync(OutputKind.Stderr, "a\0b\\\0c \ud83d \\u0000 \\\\u0000", null, Cancellation);
            await output.FinishAsync(Cancellation);
        }

        Assert.Equal("a\uFFFDb\\\uFFFDc \uFFFD \\u0000 \\\\u0000", Sent(server.Calls.Single().Body).Single().Text);
    }

    [Fact]
    public async Task Writer_TakesAndDropsTheRest_WhenTheServerRefusesABatch()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.Conflict, """{"status":409,"code":"executions.output_gap"}"""));
        await using var output = Writer(server);
        for (var i = 0; i < 30_000; i++)
        {
            await output.NoteAsync("a line", Cancellation);
        }

        await output.FinishAsync(Cancellation);

        Assert.Single(server.Calls);
    }

    private static IReadOnlyList<OutputLine> Sent(byte[] body) => JsonSerializer.Deserialize<AppendOutputRequest>(body, VineJson.Options)!.Lines!;

    private OutputWriter Writer(ServerStandIn server) => new(server.Link(_time), Guid.NewGuid(), _time, NullLogger.Instance);
}
