using System.Net;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Testing.Time;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class OutputWriterTests : IDisposable
{
    private const int MostTheServerTakes = 32 * 1024 * 1024;
    private readonly ManualTime _time = new();
    private readonly OutboxGround _ground = new();
    private readonly Guid _execution = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Lines_AllArriveInOrder_WhenEachIsAsLongAsAnAgentsMay()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.OK, """{"stored":1}"""));

        await WriteAsync(server, async output =>
        {
            for (var i = 0; i < 3; i++)
            {
                // Worst of all for JSON: each of these takes six bytes.
                var text = new string('\u0001', 4 * 1024 * 1024);
                await output.AddAsync(OutputKind.Stderr, text, text, Cancellation);
            }
        });

        Assert.All(server.Calls, call => Assert.InRange(call.Body.Length, 1, MostTheServerTakes));
        Assert.Equal([1, 2, 3], Sent(server).Select(line => line.N));
    }

    [Fact]
    public async Task Text_IsSentWithoutNulAndHalfCharacters_AndOtherwiseUnchanged()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.OK, """{"stored":1}"""));

        await WriteAsync(server, output => output.AddAsync(OutputKind.Stderr, "a\0b\\\0c \ud83d \\u0000 \\\\u0000", null, Cancellation));

        Assert.Equal("a\uFFFDb\\\uFFFDc \uFFFD \\u0000 \\\\u0000", Sent(server).Single().Text);
    }

    [Fact]
    public async Task Lines_AreAllKeptAsRefused_WhenTheServerRefusesThem()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.Conflict, """{"status":409,"code":"executions.output_gap"}"""));

        var refused = await WriteAsync(server, async output =>
        {
            for (var i = 0; i < 30_000; i++)
            {
                await output.NoteAsync("a line", Cancellation);
            }
        });

        Assert.Equal(server.Calls.Count, refused.Count);
        Assert.Equal(30_000, Sent(server).Count());
    }

    [Fact]
    public async Task Lines_AreDroppedWithAMark_WhenTheServerIsAwayAndTheDisksShareIsFull()
    {
        var away = true;
        var server = new ServerStandIn(_ => Volatile.Read(ref away)
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : (HttpStatusCode.OK, """{"stored":1}"""));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);
        await using var output = new OutputWriter(attempt, _execution, _time, NullLogger.Instance, mostBytes: 10_000);
        var written = 0;
        while (attempt.OutputBytes < 10_000)
        {
            var before = attempt.OutputBytes;
            await output.NoteAsync($"line {++written}", Cancellation);
            await Patience.UntilAsync(() => attempt.OutputBytes > before, "the line is in the outbox");
        }

        for (var i = 0; i < 7; i++)
        {
            await output.NoteAsync("a line too many", Cancellation);
        }

        await (await output.TellAsync(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()))).Stored;
        Volatile.Write(ref away, false);
        await _time.RunUntilAsync(() => attempt.OutputBytes == 0, "there is room again");
        await output.NoteAsync("the last line", Cancellation);
        await output.FinishAsync(Cancellation);
        await Patience.UntilAsync(() => outbox.Untold.Count == 0, "all is sent");

        var lines = Sent(server).DistinctBy(line => line.N).ToList();
        Assert.Equal(Enumerable.Range(1, written + 2), lines.Select(line => (int)line.N));
        Assert.StartsWith("[7 lines dropped: ", lines[^2].Text, StringComparison.Ordinal);
        Assert.Equal("the last line", lines[^1].Text);
    }

    [Fact]
    public async Task AgentsLines_AreCutWithAMark_BeyondWhatIsKeptOfAnAttempt()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.OK, """{"stored":1}"""));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);
        await using var output = new OutputWriter(attempt, _execution, _time, NullLogger.Instance, mostKept: 100);
        for (var i = 0; i < 30; i++)
        {
            await output.AddAsync(OutputKind.Text, "ten letter", null, Cancellation);
        }

        await output.NoteAsync("said by the worker", Cancellation);
        await output.FinishAsync(Cancellation);
        await Patience.UntilAsync(() => outbox.Untold.Count == 0, "all is sent");

        var lines = Sent(server).ToList();
        Assert.Equal(Enumerable.Range(1, 12), lines.Select(line => (int)line.N));
        Assert.Equal("said by the worker", lines[^2].Text);
        Assert.StartsWith("[output cut: 20 lines of the agent came after ", lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatElseIsTold_ComesAfterTheLinesBeforeIt()
    {
        var server = new ServerStandIn(call => call.EndsWith("/output", StringComparison.Ordinal)
            ? (HttpStatusCode.OK, """{"stored":1}""")
            : (HttpStatusCode.NoContent, ""));

        await WriteAsync(server, async output =>
        {
            for (var i = 0; i < 10; i++)
            {
                await output.NoteAsync($"before {i}", Cancellation);
                await output.TellAsync(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));
            }
        });

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i % 2 == 0), server.Calls.Select(call => call.Call.EndsWith("/output", StringComparison.Ordinal)));
    }

    private static IEnumerable<OutputLine> Sent(ServerStandIn server) =>
        server.Calls.Where(call => call.Call.EndsWith("/output", StringComparison.Ordinal)).SelectMany(call => Lines(call.Body));

    private static IReadOnlyList<OutputLine> Lines(byte[] body) => JsonSerializer.Deserialize<AppendOutputRequest>(body, VineJson.Options)!.Lines!;

    // Until the server has answered to all of it; returns what it refused.
    private async Task<IReadOnlyList<RefusedEntry>> WriteAsync(ServerStandIn server, Func<OutputWriter, Task> write)
    {
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);
        await using var output = new OutputWriter(attempt, _execution, _time, NullLogger.Instance);
        await write(output);
        await output.FinishAsync(Cancellation);
        await Patience.UntilAsync(() => outbox.Untold.Count == 0, "the outbox is empty");
        return outbox.Refused;
    }
}
