using AgentVine.Client;
using AgentVine.Contracts;
using AgentVine.Contracts.Accounts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Testing.Databases;
using AgentVine.Testing.Time;
using Xunit;

namespace AgentVine.Engine.Tests.Accounts;

/// <summary>Twelve attempts on one account that meets its limit in mid-run, over HTTP and over a restart of the server.</summary>
public abstract class LimitedAccountTests(TestDatabase database)
{
    private const int Twelve = 12;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ManualTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twelve_WaitForTheResetAndGoOnByThemselves_AcrossARestart()
    {
        await database.ReopenAsync(_time);
        var reset = _time.GetUtcNow().AddHours(1);
        Guid worker;
        List<WorkOrderView> cut;
        await using (var server = await AccountServer.StartAsync(database.Store, _time))
        {
            worker = await RegisterAsync(server.Client);
            cut = await RunTwelveAsync(server.Client, worker);
            await server.Client.ReportAccountLimitAsync(
                "default",
                new AccountLimitRequest { WorkerId = worker, Cause = FailureCause.RateLimited, Message = "You've hit your limit", RetryAt = reset },
                Stop);
            await Task.WhenAll(cut.Select(order => FailAsync(server.Client, order, reset)));

            await AssertNoneStartsAsync(server.Client, worker, cut);
        }

        await database.ReopenAsync(_time);
        await using var restarted = await AccountServer.StartAsync(database.Store, _time);
        await AssertNoneStartsAsync(restarted.Client, worker, cut);
        _time.Advance(TimeSpan.FromMinutes(59.5));

        // Their worker has been silent, and is offline; the limit stands all the same.
        await UntilAsync(
            async () => (await restarted.Client.GetWorkerAsync(worker, Stop)).Status == WorkerStatus.Offline, "the worker is offline");
        await AssertNoneStartsAsync(restarted.Client, worker, cut);
        await restarted.Client.HeartbeatAsync(worker, new HeartbeatRequest { Status = WorkerStatus.Idle, Leases = [] }, Stop);
        await AssertNoneStartsAsync(restarted.Client, worker, cut);

        var waiting = cut.Select(_ => ClaimAsync(restarted.Client, worker, wait: 60)).ToList();
        await UntilAsync(() => Task.FromResult(restarted.Signal.Waiting == Twelve), "twelve claims wait");
        Assert.All(waiting, claim => Assert.False(claim.IsCompleted));
        _time.Advance(TimeSpan.FromSeconds(31));

        var resumed = await Task.WhenAll(waiting).WaitAsync(Patience, Stop);
        Assert.Equal(cut.Select(order => order.Task.Id).Order(), resumed.Select(order => order!.Task.Id).Order());
        foreach (var order in resumed)
        {
            var former = cut.Single(each => each.Task.Id == order!.Task.Id);
            Assert.Equal(("default", 2), (order!.Account, order.Attempt));
            Assert.Equal((former.ExecutionId, 1), (order.Checkpoint!.ExecutionId, order.Checkpoint.N));
            Assert.Equal(SessionOf(former), order.Session!.SessionId);
        }

        Assert.Empty((await restarted.Client.GetQueueStatusAsync(Stop)).Accounts);
        Assert.Equal(AccountState.Open, Assert.Single((await restarted.Client.ListAccountsAsync(Stop)).Items).Status);
        Assert.All(
            await database.Store.ReadAsync(
                Organizations.Default,
                session => session.QueryAsync<int>("select attempts_used from tasks where organization_id = @OrganizationId"),
                Stop),
            used => Assert.Equal(0, used));
    }

    private static async Task AssertNoneStartsAsync(VineClient client, Guid worker, IReadOnlyList<WorkOrderView> cut)
    {
        Assert.All(await Task.WhenAll(cut.Select(_ => ClaimAsync(client, worker))), Assert.Null);
        var status = await client.GetQueueStatusAsync(Stop);
        Assert.Equal((0, Twelve), (status.Queues.Sum(queue => queue.Ready), status.Queues.Sum(queue => queue.Held)));
        Assert.Equal("default", Assert.Single(status.Accounts).Name);
        foreach (var order in cut)
        {
            var task = await client.GetTaskAsync(order.Task.Id, Stop);
            Assert.Equal((AgentTaskStatus.Queued, 1), (task.Status, task.Attempt));
            Assert.Equal("account default: limited until 2030-01-01 01:00:00Z, You've hit your limit", task.StatusReason);
        }
    }

    private static async Task<Guid> RegisterAsync(VineClient client) => (await client.RegisterWorkerAsync(
        new RegisterWorkerRequest
        {
            Name = "worker",
            Slots = Twelve,
            Protocol = WorkerProtocol.Accounts,
            Runtimes = [RuntimeNames.ClaudeCode],
            Accounts = [new WorkerAccount { Name = "default", Kind = AccountKind.Subscription, Runtime = RuntimeNames.ClaudeCode, Fingerprint = "01234567" }],
        },
        null,
        Stop)).Id;

    private async Task<List<WorkOrderView>> RunTwelveAsync(VineClient client, Guid worker)
    {
        var orders = new List<WorkOrderView>();
        for (var n = 0; n < Twelve; n++)
        {
            await client.CreateTaskAsync(
                new CreateTaskRequest { Title = $"task {n}", RepositoryUrl = "https://example.com/team/code", Runtime = RuntimeNames.ClaudeCode }, null, Stop);
            var order = (await ClaimAsync(client, worker))!;
            await client.OpenSessionAsync(
                new OpenSessionRequest { ExecutionId = order.ExecutionId, LeaseToken = order.LeaseToken, SessionId = SessionOf(order), Runtime = RuntimeNames.ClaudeCode },
                null,
                Stop);
            await CheckpointAsync(order);
            orders.Add(order);
        }

        Assert.All(orders, order => Assert.Equal("default", order.Account));
        return orders;
    }

    // Blobs and commit are taken for stored; what goes on from them is another test's.
    private Task CheckpointAsync(WorkOrderView order) => database.Store.WriteAsync(
        Organizations.Default,
        async unit => await CheckpointRecords.AddAsync(
            unit,
            await ExecutionRecords.GetAsync(unit, order.ExecutionId),
            new CheckpointRow
            {
                ExecutionId = order.ExecutionId,
                N = 1,
                TaskId = order.Task.Id,
                Attempt = order.Attempt,
                SessionId = SessionOf(order),
                TranscriptBytes = 1,
                TranscriptSha256 = new string('a', 64),
                CommitId = new string('c', 40),
                HeadCommit = new string('b', 40),
                BaseCommit = new string('0', 40),
                Cause = "tool",
                TakenAt = unit.Now,
                CreatedAt = unit.Now,
            },
            "tool"),
        Stop);

    private static string SessionOf(WorkOrderView order) => $"session of {order.Task.Id}";

    private static Task<WorkOrderView?> ClaimAsync(VineClient client, Guid worker, int wait = 0) =>
        client.ClaimAsync(new ClaimRequest { WorkerId = worker, ClaimId = Guid.NewGuid(), Wait = wait }, Stop);

    private static Task FailAsync(VineClient client, WorkOrderView order, DateTimeOffset reset) => client.FailAsync(
        new FailRequest
        {
            WorkOrderId = order.Id,
            LeaseToken = order.LeaseToken,
            Error = new TaskError { Kind = FailureKind.RateLimit, Cause = FailureCause.RateLimited, Message = "429", RetryAt = reset },
        },
        Stop);

    private static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{what}: not after {Patience}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
        }
    }
}
