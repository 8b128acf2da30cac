using System.Text.Json;
using AgentVine.Client;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Runtimes.ClaudeCode;
using AgentVine.Runtimes.Processes;
using AgentVine.Testing.Fleet;
using AgentVine.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AgentVine.Worker.Tests.Host;

/// <summary>The whole worker and the real server, both on one driven clock.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vine-outage-");
    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _drain = new();
    private readonly CancellationTokenSource _stop = new();
    private RestartableServer _server = null!;
    private TestRepository _repository = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _repository = await TestRepository.CreateAsync(Path.Join(_folder.FullName, "repository"));
        _server = new RestartableServer(Path.Join(_folder.FullName, "data"), _time);
        await _server.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _drain.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task TenMinutesWithoutAServer_CostTenMinutes_AndNothingIsRedone()
    {
        var task = await FileAsync(240, "before the outage", "in the middle of it", "at its end");
        using var worker = await WorkerAsync();
        var working = worker.RunAsync(_drain.Token, _stop.Token);
        await UntilAsync(async () => await SaysAsync(task.Id, "before the outage"), TimeSpan.Zero);

        await _server.StopAsync();
        var began = _time.GetUtcNow();
        await UntilAsync(() => Task.FromResult(_time.GetUtcNow() - began >= TimeSpan.FromMinutes(10)), TimeSpan.FromMilliseconds(500));
        await _server.StartAsync(Cancellation);
        await UntilAsync(async () => (await ViewAsync(task.Id)).Status == AgentTaskStatus.Completed, TimeSpan.FromMilliseconds(100));
        await _drain.CancelAsync();
        await UntilAsync(() => Task.FromResult(working.IsCompleted), TimeSpan.FromMilliseconds(100));
        await working;

        await AssertDoneOnceAsync(task.Id, "before the outage", "in the middle of it", "at its end");
    }

    [Fact]
    public async Task End_IsToldByTheNextRun_WhenTheWorkerEndedBeforeItWasHeard()
    {
        var task = await FileAsync(1, "first", "second", "third");
        _server.IsDeafForEnds = true;
        using (var worker = await WorkerAsync())
        {
            var working = worker.RunAsync(_drain.Token, _stop.Token);
            await UntilAsync(() => Task.FromResult(worker.Untold.Count > 0 && _server.EndsBroken > 0), TimeSpan.FromMilliseconds(100));
            await _stop.CancelAsync();
            await UntilAsync(() => Task.FromResult(working.IsCompleted), TimeSpan.FromMilliseconds(100));
            await working;
            Assert.Single(worker.Untold);
        }

        Assert.Equal(AgentTaskStatus.InProgress, (await ViewAsync(task.Id)).Status);
        _server.IsDeafForEnds = false;
        using var again = await WorkerAsync();
        var workingAgain = again.RunAsync(_drain.Token, CancellationToken.None);
        await UntilAsync(async () => (await ViewAsync(task.Id)).Status != AgentTaskStatus.InProgress, TimeSpan.FromMilliseconds(100));
        await _drain.CancelAsync();
        await UntilAsync(() => Task.FromResult(workingAgain.IsCompleted), TimeSpan.FromMilliseconds(100));
        await workingAgain;

        await AssertDoneOnceAsync(task.Id, "first", "second", "third");
    }

    private async Task AssertDoneOnceAsync(Guid taskId, params string[] said)
    {
        var done = await ViewAsync(taskId);
        Assert.Equal((AgentTaskStatus.Completed, 1), (done.Status, done.Attempt));
        Assert.Equal(1, done.Result?.DiffStat?.Files);
        var events = await _server.Client.ListEventsAsync(new EventFilter { TaskId = taskId }, 1000, Cancellation);
        var execution = Assert.Single(events.Items, happened => happened.Type == EventTypes.ExecutionStarted).ExecutionId!.Value;
        Assert.Equal(ExecutionStatus.Completed, (await _server.Client.GetExecutionAsync(execution, Cancellation)).Status);
        var output = await _server.Client.ReadOutputAsync(execution, 0, 1000, 0, Cancellation);
        Assert.Equal(Enumerable.Range(1, output.Count), output.Select(line => (int)line.N));
        Assert.All(said, words => Assert.Single(output, line => line.Kind == OutputKind.Text && line.Text == words));
    }

    private async Task<VineWorker> WorkerAsync() => await VineWorker.CreateAsync(
        new WorkerOptions { Name = "one", Server = _server.Url, Key = RestartableServer.Key, Folder = Path.Join(_folder.FullName, "worker"), Sandbox = SandboxKind.None },
        new ClaudeCodeOptions { Program = "/nowhere/claude" },
        _time,
        NullLoggerFactory.Instance,
        Cancellation);

    private Task<TaskView> FileAsync(int wait, string first, string second, string third) => _server.Client.CreateTaskAsync(
        new CreateTaskRequest
        {
            Title = "Work through an outage",
            RepositoryUrl = _repository.Folder,
            Runtime = "rehearsal",
            Payload = JsonSerializer.SerializeToElement(new { playbook = Playbook(wait, first, second, third) }),
        },
        Cancellation);

    private static object[] Playbook(int wait, string first, string second, string third) =>
    [
        new { say = first },
        new { wait },
        new { write = new { path = "outage.md", content = "Done while nobody listened.\n" } },
        new { say = second },
        new { wait },
        new { say = third },
    ];

    private Task<TaskView> ViewAsync(Guid id) => _server.Client.GetTaskAsync(id, Cancellation);

    private async Task<bool> SaysAsync(Guid taskId, string words) =>
        (await _server.Client.ListEventsAsync(new EventFilter { TaskId = taskId }, 1000, Cancellation)).Items
            .FirstOrDefault(happened => happened.Type == EventTypes.ExecutionStarted)?.ExecutionId is { } execution
        && (await _server.Client.ReadOutputAsync(execution, 0, 1000, 0, Cancellation)).Any(line => line.Text == words);

    // The clock goes on by a step each time that the condition is not met; slowly, where the server's answers are waited for.
    private async Task UntilAsync(Func<Task<bool>> condition, TimeSpan step)
    {
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        while (!await condition())
        {
            Assert.False(patience.IsCancellationRequested, "Waited in vain.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancellation);
            _time.Advance(step);
        }
    }
}
