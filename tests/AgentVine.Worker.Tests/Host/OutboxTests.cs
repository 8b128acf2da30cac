using System.Net;
using System.Text;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Testing.Time;
using AgentVine.Worker.Outbox;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

public sealed class OutboxTests : IDisposable
{
    private const string Ended = """{"task_status":"completed"}""";
    private const string Complete = "POST /api/v1/queue/complete";
    private readonly ManualTime _time = new();
    private readonly OutboxGround _ground = new();
    private readonly Guid _execution = Guid.NewGuid();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _ground.Dispose();

    [Fact]
    public async Task Entries_AreSentInOrder_AndEachIsOnDiskBefore()
    {
        WorkerOutbox? outbox = null;
        var untold = new List<int>();
        var server = new ServerStandIn(_ =>
        {
            untold.Add(outbox!.Untold.Count);
            return (HttpStatusCode.NoContent, "");
        });
        using (outbox = _ground.Open(server.Link(_time), _time))
        {
            await using var attempt = outbox.For(_execution);
            var subjects = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToList();
            OutboxReceipt? last = null;
            foreach (var subject in subjects)
            {
                last = attempt.Add(OutboxKind.AnswerDelivered, new OutboxSubject(subject));
            }

            await last!.Outcome.WaitAsync(Cancellation);

            Assert.Equal(subjects.Select(subject => $"POST /api/v1/requests/{subject}/delivered"), server.Calls.Select(call => call.Call));
            Assert.All(untold, count => Assert.Equal(1, count));
            await Patience.UntilAsync(() => outbox.Untold.Count == 0, "what was answered is removed");
        }
    }

    [Fact]
    public async Task Entry_IsSentUntilItIsAnswered_WhenTheServerIsAway()
    {
        var tries = 0;
        var server = new ServerStandIn(_ => ++tries < 8
            ? throw new HttpRequestException(HttpRequestError.ConnectionError)
            : (HttpStatusCode.NoContent, ""));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);

        var receipt = attempt.Add(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));
        await _time.RunUntilAsync(() => receipt.Outcome.IsCompleted, "the entry is answered");

        Assert.Null((await receipt.Outcome).Refusal);
        Assert.Equal(8, server.Calls.Count);
    }

    [Fact]
    public async Task Refusal_IsFinal_ReachesWhoWaits_AndIsKept()
    {
        var server = new ServerStandIn(call => call == Complete
            ? (HttpStatusCode.Conflict, """{"status":409,"code":"queue.lease_lost","detail":"The lease is over."}""")
            : (HttpStatusCode.NoContent, ""));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);

        var refused = attempt.Add(OutboxKind.Complete, Result(null));
        var after = attempt.Add(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));

        Assert.Equal(ErrorCodes.QueueLeaseLost, (await refused.Outcome.WaitAsync(Cancellation)).Refusal?.Code);
        Assert.Null((await after.Outcome.WaitAsync(Cancellation)).Refusal);
        Assert.Single(server.Calls, call => call.Call == Complete);
        await Patience.UntilAsync(() => outbox.Refused.Count == 1, "the refused entry is kept");
        Assert.Contains("The lease is over.", outbox.Refused[0].Problem, StringComparison.Ordinal);
        await Patience.UntilAsync(() => outbox.Untold.Count == 0, "nothing is left to tell");
    }

    [Fact]
    public async Task Refused_AreBounded()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.NotFound, """{"status":404,"code":"requests.not_found"}"""));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);

        await Task.WhenAll(Enumerable.Range(0, 1100).Select(_ => attempt.Add(OutboxKind.AnswerDelivered, new OutboxSubject(Guid.NewGuid())).Outcome));

        await Patience.UntilAsync(() => outbox.Refused is [.., { N: 1100 }], "the last refusal is kept");
        Assert.Equal(Enumerable.Range(101, 1000), outbox.Refused.Select(entry => (int)entry.N));
    }

    [Fact]
    public async Task End_IsToldByTheNextRunAndClaimsNothing_WhenTheWorkerWasKilledBeforeItWasHeard()
    {
        var away = new ServerStandIn(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        using (var killed = _ground.Open(away.Link(_time), _time))
        {
            await using var attempt = killed.For(_execution);
            attempt.Add(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));
            await attempt.Add(OutboxKind.Complete, Result(new ClaimNext { ClaimId = Guid.NewGuid() })).Stored;
        }

        var back = new ServerStandIn(_ => (HttpStatusCode.OK, Ended));
        using var outbox = _ground.Open(back.Link(_time), _time);
        await outbox.DrainAsync(Cancellation);

        Assert.Equal(2, back.Calls.Count);
        Assert.Equal(Complete, back.Calls.Last().Call);
        var told = JsonSerializer.Deserialize<CompleteRequest>(back.Calls.Last().Body, VineJson.Options)!;
        Assert.Equal("done", told.Result?.Summary);
        Assert.Null(told.ClaimNext);
        await Patience.UntilAsync(() => outbox.Untold.Count == 0, "nothing is left to tell");
    }

    [Fact]
    public async Task Executions_AreDrainedInTheOrderInWhichTheyBegan()
    {
        var executions = Enumerable.Range(0, 5).Select(_ => Guid.NewGuid()).ToList();
        var away = new ServerStandIn(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        using (var killed = _ground.Open(away.Link(_time), _time))
        {
            foreach (var execution in executions)
            {
                await using var attempt = killed.For(execution);
                await attempt.Add(OutboxKind.Stall, new { }).Stored;
            }
        }

        var back = new ServerStandIn(_ => (HttpStatusCode.NoContent, ""));
        using var outbox = _ground.Open(back.Link(_time), _time);
        await outbox.DrainAsync(Cancellation);

        Assert.Equal(executions.Select(execution => $"POST /api/v1/executions/{execution}/stall"), back.Calls.Select(call => call.Call));
    }

    [Fact]
    public async Task Drain_LeavesWhatTheServerFailsAtEachTime_AndGoesOn()
    {
        var broken = Guid.NewGuid();
        var away = new ServerStandIn(_ => throw new HttpRequestException(HttpRequestError.ConnectionError));
        using (var killed = _ground.Open(away.Link(_time), _time))
        {
            foreach (var execution in new[] { broken, _execution })
            {
                await using var attempt = killed.For(execution);
                await attempt.Add(OutboxKind.Stall, new { }).Stored;
            }
        }

        var back = new ServerStandIn(call => call.Contains($"{broken}", StringComparison.Ordinal)
            ? (HttpStatusCode.InternalServerError, """{"status":500,"code":"internal.error"}""")
            : (HttpStatusCode.NoContent, ""));
        using var outbox = _ground.Open(back.Link(_time), _time);
        var draining = outbox.DrainAsync(Cancellation);
        await _time.RunUntilAsync(() => draining.IsCompleted, "the outbox is drained");

        await Patience.UntilAsync(() => outbox.Untold.Count == 1, "the other's entry is removed");
        Assert.Equal([broken], outbox.Untold);
    }

    [Fact]
    public async Task File_IsMovedAside_WhenTheDiskToreIt()
    {
        var server = new ServerStandIn(_ => (HttpStatusCode.NoContent, ""));
        Directory.CreateDirectory(Path.GetDirectoryName(_ground.Path)!);
        await File.WriteAllBytesAsync(_ground.Path, Encoding.ASCII.GetBytes(new string('x', 8192)), Cancellation);

        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);
        var receipt = attempt.Add(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));

        Assert.Null((await receipt.Outcome.WaitAsync(Cancellation)).Refusal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_ground.Path)!, "outbox.db.torn-*"));
    }

    [Fact]
    public async Task End_IsStillTold_WhenTheFileIsTornUnderTheWorker()
    {
        var away = true;
        var server = new ServerStandIn(_ => Volatile.Read(ref away) ? throw new HttpRequestException(HttpRequestError.ConnectionError) : (HttpStatusCode.OK, Ended));
        using var outbox = _ground.Open(server.Link(_time), _time);
        await using var attempt = outbox.For(_execution);
        var first = attempt.Add(OutboxKind.Withdrawal, new OutboxSubject(Guid.NewGuid()));
        var end = attempt.Add(OutboxKind.Complete, Result(null));
        await end.Stored;
        await File.WriteAllBytesAsync(_ground.Path, new byte[65536], Cancellation);
        File.Delete(_ground.Path + "-wal");

        Volatile.Write(ref away, false);
        await _time.RunUntilAsync(() => end.Outcome.IsCompleted, "the end is answered");

        Assert.Null((await first.Outcome).Refusal);
        Assert.Equal(AgentTaskStatus.Completed, (await end.Outcome).Take<EndResponse>().TaskStatus);
    }

    private static CompleteRequest Result(ClaimNext? next) => new()
    {
        WorkOrderId = Guid.NewGuid(),
        LeaseToken = 7,
        Result = new TaskResult { Summary = "done" },
        ClaimNext = next,
    };
}
