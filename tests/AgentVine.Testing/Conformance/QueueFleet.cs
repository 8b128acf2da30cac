using System.Runtime.CompilerServices;
using System.Text.Json;
using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Analytics;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;
using AgentVine.Engine.Kernel.Http;
using AgentVine.Engine.Repositories;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using AgentVine.Engine.Workers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentVine.Testing.Conformance;

/// <summary>The engine's own queue, composed by its modules over a store, with the calls of people and workers as a test wants to say them.</summary>
internal sealed partial class QueueFleet : IAsyncDisposable
{
    public const string Repository = "https://example.com/team/code";

    private static readonly Guid Organization = Organizations.Default;
    private static readonly Caller Person = new("person");
    private readonly ServiceProvider _services;
    private LeaseRescuer _rescuer;

    public QueueFleet(IStore store, QueueTime time)
    {
        Time = time;
        Store = new QueueStoreWatch(store);
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<IStore>(Store)
            .AddSingleton<IdempotentWrite>()
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddEvents()
            .AddExecutions()
            .AddSessions(Sessions)
            .AddAccounts(new AccountsOptions())
            .AddTasks(new TasksOptions { DefaultRuntime = RuntimeNames.Rehearsal })
            .AddWorkers(Options)
            .AddConversations()
            .AddAnalytics()
            .BuildServiceProvider();
        _rescuer = NewRescuer();
    }

    public QueueTime Time { get; }

    public QueueStoreWatch Store { get; }

    public WorkersOptions Options { get; } = new();

    public SessionsOptions Sessions { get; } = new() { MaxKept = 2 };

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task<TaskView> FileAsync(CreateTaskRequest request) => await CreatedAsync<TaskView>(context =>
        CreateTask.Handle(new Body<CreateTaskRequest>(request), context, Person, Get<CreateTask>(), default));

    public Task<TaskView> FileAsync(
        string title = "task",
        TaskPriority priority = TaskPriority.Normal,
        PermissionLevel permission = PermissionLevel.Autonomous,
        int? maxAttempts = null,
        string repository = Repository,
        params Guid[] dependsOn) => FileAsync(new CreateTaskRequest
        {
            Title = title,
            Priority = priority,
            PermissionLevel = permission,
            MaxAttempts = maxAttempts,
            RepositoryUrl = repository,
            DependsOn = dependsOn,
        });

    public async Task<Guid> RegisterAsync(string name = "worker", int? maxConcurrent = null, params IReadOnlyList<WorkerAccount> accounts) =>
        (await CreatedAsync<RegisterWorkerResponse>(context => WorkerEndpoints.Register(
            new WorkerBody<RegisterWorkerRequest>(new RegisterWorkerRequest
            {
                Name = name,
                Slots = 4,
                MaxConcurrentTasks = maxConcurrent,
                Protocol = WorkerProtocol.Version,
                Runtimes = [RuntimeNames.Rehearsal],
                Accounts = accounts,
            }),
            context, Get<IdempotentWrite>(), Get<WorkerRegistry>(), Options, default))).Id;

    public Task DeregisterAsync(Guid worker) =>
        WorkerEndpoints.Deregister(worker, Store, Get<WorkerRegistry>(), default);

    public Task DrainAsync(Guid worker) => WorkerEndpoints.Drain(worker, Store, Get<CommandChannel>(), default);

    public Task<WorkOrderView?> ClaimAsync(
        Guid worker, Guid? claimId = null, TimeSpan wait = default, CancellationToken cancellationToken = default) =>
        Get<ClaimDesk>().ClaimAsync(Organization, worker, claimId ?? Guid.NewGuid(), null, wait, cancellationToken);

    public async Task<EndResponse> CompleteAsync(WorkOrderView order, Guid? claimNext = null, TaskResult? result = null, long? token = null) =>
        (await LeaseEndpoints.Complete(
            new WorkerBody<CompleteRequest>(new CompleteRequest
            {
                WorkOrderId = order.Id,
                LeaseToken = token ?? order.LeaseToken,
                Result = result ?? new TaskResult { Summary = "done" },
                ClaimNext = claimNext is null ? null : new ClaimNext { ClaimId = claimNext },
            }),
            Store, Get<Attempts>(), Get<ClaimDesk>(), default)).Value!;

    public async Task<EndResponse> FailAsync(
        WorkOrderView order, FailureKind kind, DateTimeOffset? retryAt = null, TaskResult? result = null, long? token = null, FailureCause? cause = null) =>
        (await LeaseEndpoints.Fail(
            new WorkerBody<FailRequest>(new FailRequest
            {
                WorkOrderId = order.Id,
                LeaseToken = token ?? order.LeaseToken,
                Error = new TaskError { Kind = kind, Cause = cause, Message = "failed", RetryAt = retryAt },
                Result = result,
            }),
            Store, Get<Attempts>(), Get<ClaimDesk>(), default)).Value!;

    public Task BeatAsync(Guid worker, params WorkOrderView[] orders) => WorkerEndpoints.Beat(
        worker,
        new WorkerBody<HeartbeatRequest>(new HeartbeatRequest
        {
            Status = WorkerStatus.Busy,
            Leases = [.. orders.Select(order => new LeaseBeat { WorkOrderId = order.Id, LeaseToken = order.LeaseToken })],
        }),
        Store, Options, default);

    public async Task<TaskView> CancelAsync(Guid task) => (await CancelTask.Handle(task, null, Person, Get<CancelTask>(), default)).Value!;

    public async Task<TaskView> RetryAsync(Guid task, RequeueSession? session = null) => (await RetryTask.Handle(
        task, new Body<RequeueRequest>(new RequeueRequest { Session = session }), Person, Store, Get<TaskRequeue>(), default)).Value!;

    public async Task<TaskView> UpdateAsync(Guid task, UpdateTaskRequest request) =>
        (await UpdateTask.Handle(task, new Body<UpdateTaskRequest>(request), Person, Get<UpdateTask>(), default)).Value!;

    /// <summary>Files a task as the agent of an attempt does.</summary>
    public Task<TaskView> FileSubtaskAsync(WorkOrderView order, CreateTaskRequest wish, bool afterParent = false) =>
        Store.WriteAsync(Organization, unit => Get<CreateSubtask>().RunAsync(unit, order.ExecutionId, wish, afterParent, default), default);

    /// <summary>Writes to the people of its task as the agent of an attempt does.</summary>
    public Task<MessageRow> WriteAsync(WorkOrderView order, string content) => Store.WriteAsync(
        Organization, async unit => await MessageDesk.PostFromAgentAsync(unit, await ExecutionRecords.GetAsync(unit, order.ExecutionId), content), default);

    public async Task<TaskView> RequeueAsync(Guid task, RequeueSession? session = null) => (await RequeueDeadLetter.One(
        task, new Body<RequeueRequest>(new RequeueRequest { Session = session }), Person, Get<RequeueDeadLetter>(), default)).Value!;

    public async Task<RequeueManyResponse> RequeueManyAsync(RequeueManyRequest request) => (await RequeueDeadLetter.Many(
        new Body<RequeueManyRequest>(request), Person, Get<RequeueDeadLetter>(), default)).Value!;

    /// <summary>A task's case file, as if its repository's branches were in a folder of that name.</summary>
    public async Task<CaseFile> CaseFileAsync(Guid task) => (await DeadLetter.Show(
        task, Store, Get<TasksOptions>(), new BranchStore(Path.GetTempPath(), Time, NullLoggerFactory.Instance), default)).Value!;

    public Task DropDeadAsync() => TurnOf(ActivatorUtilities.CreateInstance<DeadLetterKeeper>(_services), CancellationToken.None);

    public async Task<TaskView> AcceptAsync(Guid task) => (await DecideTask.Accept(task, null, Person, Store, Get<TaskReview>(), default)).Value!;

    public async Task<TaskView> RejectAsync(Guid task) => (await DecideTask.Reject(
        task, new Body<ReviewTaskRequest>(new ReviewTaskRequest { Comment = "not yet" }), Person, Store, Get<TaskReview>(), default)).Value!;

    /// <summary>Asks whether a command may run.</summary>
    public Task<RequestView> AskPermissionAsync(WorkOrderView order, string command) => CreatedAsync<RequestView>(context => RequestEndpoints.Open(
        new WorkerBody<OpenRequestRequest>(new OpenRequestRequest
        {
            Id = Guid.NewGuid(),
            ExecutionId = order.ExecutionId,
            LeaseToken = order.LeaseToken,
            Kind = RequestKind.Permission,
            Title = command,
            Tool = new RequestTool { Name = "Bash", Input = JsonSerializer.SerializeToElement(new { command }) },
        }),
        context, Get<IdempotentWrite>(), Get<RequestDesk>(), default));

    public Task<RequestView> AskAsync(WorkOrderView order, Guid? id = null) => CreatedAsync<RequestView>(context => RequestEndpoints.Open(
        new WorkerBody<OpenRequestRequest>(new OpenRequestRequest
        {
            Id = id ?? Guid.NewGuid(),
            ExecutionId = order.ExecutionId,
            LeaseToken = order.LeaseToken,
            Kind = RequestKind.Question,
            Title = "which?",
            Questions = [new RequestQuestion { Question = "which?" }],
        }),
        context, Get<IdempotentWrite>(), Get<RequestDesk>(), default));

    public async Task<RequestView> AnswerAsync(Guid request) => await AnswerAsync(request, new RequestAnswer { Text = "that one" });

    public async Task<RequestView> AnswerAsync(Guid request, RequestAnswer answer) =>
        (await RequestEndpoints.Answer(request, new Body<RequestAnswer>(answer), Person, Store, Get<RequestDesk>(), default)).Value!;

    public async Task<RequestView> WithdrawAsync(Guid request) =>
        (await RequestEndpoints.Withdraw(request, Store, Get<RequestDesk>(), default)).Value!;

    public Task<MessageRow> PostAsync(Guid task) =>
        Store.WriteAsync(Organization, unit => Get<MessageDesk>().PostAsync(unit, task, "hello", "person", default), default);

    public async Task LimitAsync(Guid repository, int limit) => await RepositoryEndpoints.Update(
        repository,
        new Body<Contracts.Repositories.UpdateRepositoryRequest>(new() { MaxConcurrent = limit }),
        Store, Get<IRepositoryLimitObserver>(), default);

    /// <summary>Gives the worker of an attempt an agent's conversation.</summary>
    public async Task OpenSessionAsync(WorkOrderView order, string? sessionId = null) => await LeaseEndpoints.OpenSession(
        new WorkerBody<Contracts.Sessions.OpenSessionRequest>(new()
        {
            ExecutionId = order.ExecutionId,
            LeaseToken = order.LeaseToken,
            SessionId = sessionId ?? $"session of {order.ExecutionId}",
            Runtime = RuntimeNames.Rehearsal,
        }),
        new DefaultHttpContext(), Get<IdempotentWrite>(), default);

    /// <summary>Ends the attempt as one whose agent was put away while it waits.</summary>
    public async Task<EndResponse> ParkAsync(WorkOrderView order) => (await LeaseEndpoints.Park(
        new WorkerBody<ParkRequest>(new ParkRequest { WorkOrderId = order.Id, LeaseToken = order.LeaseToken }),
        Store, Get<Attempts>(), Get<ClaimDesk>(), default)).Value!;

    /// <summary>Stores a checkpoint of the attempt's conversation; its blobs and commit are taken for stored.</summary>
    public Task CheckpointAsync(WorkOrderView order, int n, string? sessionId = null) => Store.WriteAsync(
        Organization,
        async unit =>
        {
            var execution = await ExecutionRecords.GetAsync(unit, order.ExecutionId);
            return await CheckpointRecords.AddAsync(
                unit,
                execution,
                new CheckpointRow
                {
                    ExecutionId = execution.Id,
                    N = n,
                    TaskId = execution.TaskId,
                    Attempt = execution.Attempt,
                    SessionId = sessionId ?? $"session of {order.ExecutionId}",
                    TranscriptBytes = 1,
                    TranscriptSha256 = new string('a', 64),
                    CommitId = new string('c', 40),
                    HeadCommit = new string('b', 40),
                    BaseCommit = new string('0', 40),
                    Cause = "tool",
                    TakenAt = unit.Now,
                    CreatedAt = unit.Now,
                },
                "tool");
        },
        default);

    public Task BeatSessionAsync(Guid session, Contracts.Sessions.SessionHeartbeat beat) =>
        LeaseEndpoints.BeatSession(session, new WorkerBody<Contracts.Sessions.SessionHeartbeat>(beat), Store, default);

    public Task StallAsync(WorkOrderView order, Contracts.Executions.StallStep step) => AttemptControl.Stall(
        order.ExecutionId,
        new WorkerBody<Contracts.Executions.StallRequest>(new() { LeaseToken = order.LeaseToken, Step = step, Since = Time.GetUtcNow() }),
        Store, default);

    public Task DeliverMessageAsync(Guid message) => Store.WriteAsync(
        Organization,
        async unit =>
        {
            await MessageDesk.DeliveredAsync(unit, message);
            return true;
        },
        default);

    public Task DeliverAsync(Guid request) => RequestEndpoints.Delivered(request, Store, default);

    /// <summary>What a server does before it answers its first call.</summary>
    public Task RestartAsync() => ActivatorUtilities.CreateInstance<FleetRestart>(_services).StartingAsync(default);

    public Task TimeRequestsAsync() => TurnOf(ActivatorUtilities.CreateInstance<RequestTimer>(_services), CancellationToken.None);

    public Task ReapSessionsAsync() => TurnOf(ActivatorUtilities.CreateInstance<SessionReaper>(_services), CancellationToken.None);

    public Task WatchWorkersAsync() => TurnOf(ActivatorUtilities.CreateInstance<WorkerWatcher>(_services), CancellationToken.None);

    public Task<IReadOnlyList<SessionRow>> SessionsAsync(Guid task) => QueryAsync<SessionRow>(SessionsSql.OfTask, new { TaskId = task });

    /// <summary>Lets the time of every lease pass, by whatever clock it runs on.</summary>
    public Task PassLeaseTimeAsync(TimeSpan span) => Store.WriteAsync(
        Organization,
        unit => unit.ExecuteAsync(
            "update work_orders set lease_expires_at = lease_expires_at - @Span where organization_id = @OrganizationId and state = 'leased'",
            new { Span = span.Micros() }),
        default);

    /// <summary>One turn of the rescuer; its first re-arms the leases. Its turns between, while a test moved the clock, are taken for done.</summary>
    public Task RescueAsync(bool ranMeanwhile = true)
    {
        ref var last = ref LastTurnOf(_rescuer);
        last = last is null || !ranMeanwhile ? last : Time.GetTimestamp();
        return TurnOf(_rescuer, CancellationToken.None);
    }

    /// <summary>What a server's start makes of the rescuer.</summary>
    public void RestartRescuer() => _rescuer = NewRescuer();

    public Task PromoteAsync() => TurnOf(
        ActivatorUtilities.CreateInstance<DelayPromoter>(_services), CancellationToken.None);

    public Task<TaskView> TaskAsync(Guid id) => Store.ReadAsync(Organization, session => TaskRecords.ShowAsync(session, id), default);

    public Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null) =>
        Store.ReadAsync(Organization, session => session.QueryAsync<T>(sql, parameters), default);

    public Task<IReadOnlyList<WorkOrderRow>> OrdersAsync(Guid task) => QueryAsync<WorkOrderRow>(QueueSql.OfTask, new { TaskId = task });

    public Task<IReadOnlyList<ExecutionRow>> ExecutionsAsync(Guid task) => QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { TaskId = task });

    public async Task<RequestRow> RequestAsync(Guid id) => (await Store.ReadAsync(Organization, session => RequestDesk.GetAsync(session, id), default))!;

    public async Task<IReadOnlyList<Contracts.Events.EventView>> EventsAsync(Guid? task = null)
    {
        var events = new List<Contracts.Events.EventView>();
        await Store.ReadAsync(
            Organization,
            async session =>
            {
                EventPage page;
                long after = 0;
                do
                {
                    page = await EventLog.ReadAsync(session, after, 500, task);
                    events.AddRange(page.Events);
                    after = page.Through;
                }
                while (page.HasMore);
                return true;
            },
            default);
        return events;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private LeaseRescuer NewRescuer() => ActivatorUtilities.CreateInstance<LeaseRescuer>(_services);

    private static async Task<T> CreatedAsync<T>(Func<HttpContext, Task<CreatedReply<T>>> handle)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await (await handle(context)).ExecuteAsync(context);
        return JsonSerializer.Deserialize<T>(body.ToArray(), VineJson.Options)!;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lastTurn")]
    private static extern ref long? LastTurnOf(LeaseRescuer rescuer);

    // A turn on demand: waiting for the loop's own period would be waiting for nothing.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(LeaseRescuer rescuer, CancellationToken cancellationToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(RequestTimer timer, CancellationToken cancellationToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(SessionReaper reaper, CancellationToken cancellationToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(WorkerWatcher watcher, CancellationToken cancellationToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(DelayPromoter promoter, CancellationToken cancellationToken);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "TurnAsync")]
    private static extern Task TurnOf(DeadLetterKeeper keeper, CancellationToken cancellationToken);
}
