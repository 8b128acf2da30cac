using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Workers;
using AgentVine.Runtimes;
using AgentVine.Testing.Time;
using AgentVine.Worker.Outbox;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Worker.Tests.Host;

/// <summary>One attempt around a stand-in of its agent: server, outbox and clocks, with the clock in the test's hand.</summary>
internal sealed class ConversationGround : ICheckpoints, IAsyncDisposable
{
    private const string Session = """
        {"id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","session_id":"s-1","task_id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","execution_id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33",
        "worker_id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","runtime":"rehearsal","status":"active","created_at":"2030-01-01T00:00:00Z","last_activity_at":"2030-01-01T00:00:00Z","tasks_served":0}
        """;

    private readonly OutboxGround _folder = new();
    private readonly ServerLink _link;
    private readonly AgentClock _clock;
    private readonly StallWatch _stalls;
    private readonly IDisposable _held;
    private readonly WorkerOutbox _outbox;
    private readonly AttemptOutbox _news;
    private readonly OutputWriter _output;

    public ConversationGround(Func<string, (HttpStatusCode Status, string Body)?>? answer = null, Func<WorkOrderView, WorkOrderView>? with = null)
    {
        Server = new ServerStandIn(call => answer?.Invoke(call) ?? Default(call));
        _link = Server.Link(Time);
        var order = Orders.New();
        Lease = Orders.Lease(with is null ? order : with(order), Time);
        Attempt = Orders.Attempt(Lease);
        _clock = new AgentClock(TimeSpan.FromDays(1), Time);
        _stalls = new StallWatch(TimeSpan.FromSeconds(Attempt.Settings.StallAfterSeconds), Time);
        _held = Lease.Watch(_stalls.Pause, _stalls.Resume);
        _outbox = _folder.Open(_link, Time);
        _news = _outbox.For(Lease.Order.ExecutionId);
        _output = new OutputWriter(_news, Lease.Order.ExecutionId, Time, NullLogger.Instance);
    }

    public ManualTime Time { get; } = new();

    public ServerStandIn Server { get; }

    public Lease Lease { get; }

    public RunningAttempt Attempt { get; }

    public RuntimeCapabilities Capabilities { get; init; } = new(Questions: true, Permissions: true, Messages: true, Interrupt: true, Resume: true);

    /// <summary>What happens when a checkpoint is asked for, and whether it becomes complete; none is possible without.</summary>
    public Func<CancellationToken, Task<bool>>? Checkpoint { get; init; }

    public ConcurrentQueue<CheckpointTrigger> Checkpoints { get; } = new();

    public ConcurrentQueue<CheckpointTrigger> Noted { get; } = new();

    /// <summary>What the server was told, without the output.</summary>
    public IEnumerable<string> Told => Server.Calls.Select(call => call.Call).Where(call => !call.EndsWith("/output", StringComparison.Ordinal));

    /// <summary>The steps about a stalled agent that the server was told of.</summary>
    public IEnumerable<StallStep?> Stalls => Server.Calls.Where(call => call.Call.EndsWith("/stall", StringComparison.Ordinal))
        .Select(call => JsonSerializer.Deserialize<StallRequest>(call.Body, VineJson.Options)!.Step);

    public Task<AttemptOutcome> RunAsync(AgentStandIn agent, CancellationToken stop = default)
    {
        var context = new AttemptContext
        {
            Server = _link,
            Attempt = Attempt,
            Output = _output,
            Clock = _clock,
            Stalls = _stalls,
            Capabilities = Capabilities,
            TargetBranch = "main",
            Checkpoints = Checkpoint is null ? null : this,
        };
        return new AgentConversation(context, agent, NullLogger.Instance).RunAsync(stop);
    }

    /// <summary>Lets the clock run for <paramref name="span"/> with the lease renewed all the while, as beats do.</summary>
    public void Pass(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += TimeSpan.FromSeconds(30))
        {
            Lease.Renew(Time.GetTimestamp());
            Time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    public void Command(WorkerCommand command) => Attempt.Take(command with { ExecutionId = Lease.Order.ExecutionId });

    public Task UntilToldAsync(string call) =>
        Patience.UntilAsync(() => Told.Any(told => told.EndsWith(call, StringComparison.Ordinal)), $"the server is told {call}; it was told: {string.Join(", ", Told)}");

    /// <summary>Until the server has answered to all: a call under way would run out of the time that a test lets pass.</summary>
    public Task UntilAllIsToldAsync() => Patience.UntilAsync(() => _outbox.IsTold, "the server has heard everything");

    public void Note(CheckpointTrigger trigger) => Noted.Enqueue(trigger);

    public async Task<bool> KeepAsync(CheckpointTrigger trigger, CancellationToken cancellationToken)
    {
        Checkpoints.Enqueue(trigger);
        return await Checkpoint!(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _output.DisposeAsync();
        await _news.DisposeAsync();
        _outbox.Dispose();
        _held.Dispose();
        _stalls.Dispose();
        _clock.Dispose();
        Attempt.Dispose();
        Lease.Dispose();
        _folder.Dispose();
    }

    private static (HttpStatusCode Status, string Body) Default(string call) => call switch
    {
        _ when call.EndsWith("/output", StringComparison.Ordinal) => (HttpStatusCode.OK, """{"stored":1}"""),
        "POST /api/v1/sessions" => (HttpStatusCode.OK, Session),
        "POST /api/v1/requests" => (HttpStatusCode.OK, """
            {"id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","kind":"question","status":"open","task_id":"0197f3c2-5b7e-7d10-9c41-2f6a8e0b1d33","task_title":"t","title":"t","asked_at":"2030-01-01T00:00:00Z"}
            """),
        _ => (HttpStatusCode.NoContent, ""),
    };
}
