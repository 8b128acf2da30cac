using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>
/// A model of tasks, orders, workers and requests that lives through a random history beside the real engine: each act must be taken
/// or refused as the model says, and after each the database must be what the model is. The checks are in the other half.
/// </summary>
internal sealed partial class QueueModel(QueueFleet fleet)
{
    private static readonly string[] Repositories = ["https://example.com/team/one", "https://example.com/team/two"];
    private static readonly FailureKind[] Kinds = Enum.GetValues<FailureKind>();

    private readonly List<QueueModelTask> _tasks = [];
    private readonly List<(QueueModelTask Task, WorkOrderView Order, Guid Claim, Guid Worker)> _claims = [];
    private readonly Dictionary<Guid, FailureKind?> _ends = [];
    private readonly Guid[] _workers = new Guid[2];
    private readonly int?[] _limits = new int?[2];

    /// <summary>Moves that the log told of.</summary>
    public HashSet<(AgentTaskStatus? From, AgentTaskStatus To)> Moves { get; } = [];

    private IReadOnlyList<QueueModelTask> Running => [.. _tasks.Where(task => task.Running is not null)];

    public async Task RunAsync(IEnumerable<QueueStep> history)
    {
        await fleet.RescueAsync();
        for (var worker = 0; worker < _workers.Length; worker++)
        {
            await RegisterAsync(worker);
        }

        foreach (var step in history)
        {
            await ActAsync(step);
            Release();
            await CheckAsync();
        }
    }

    private static T? Pick<T>(IReadOnlyList<T> all, int number) => all.Count == 0 ? default : all[number % all.Count];

    // The second worker takes two at a time, the first as many as there are.
    private async Task RegisterAsync(int worker) => _workers[worker] = await fleet.RegisterAsync($"worker-{worker}", worker == 1 ? 2 : null);

    private Task ActAsync(QueueStep step) => step.Verb switch
    {
        QueueVerb.File => FileAsync(step, []),
        QueueVerb.FileDependent => FileAsync(step, [.. _tasks.Skip(step.Two % 7).Take(1 + (step.One % 2))]),
        QueueVerb.Claim => ClaimAsync(step.One % 2),
        QueueVerb.ClaimAgain => ClaimAgainAsync(step),
        QueueVerb.Complete => EndAsync(Pick(Running, step.One), null),
        QueueVerb.CompleteStale => CompleteStaleAsync(step),
        QueueVerb.ForeignToken => ForeignTokenAsync(Pick(Running, step.One)),
        QueueVerb.Fail => EndAsync(Pick(Running, step.One), Kinds[step.Two % Kinds.Length]),
        QueueVerb.Cancel or QueueVerb.Retry or QueueVerb.Accept or QueueVerb.Reject => DecideAsync(step),
        QueueVerb.DependOn => DependOnAsync(step),
        QueueVerb.Prioritise => PrioritiseAsync(step),
        QueueVerb.Ask => AskAsync(Pick(Running, step.One)),
        QueueVerb.Answer or QueueVerb.Withdraw => CloseAsync(step),
        QueueVerb.Message => MessageAsync(Pick(_tasks, step.One)),
        QueueVerb.Limit => LimitAsync(step),
        QueueVerb.Lapse => LapseAsync(),
        QueueVerb.RegisterAnew => RegisterAnewAsync(step.One % 2),
        _ => AdvanceAsync(step),
    };

    private async Task FileAsync(QueueStep step, IReadOnlyList<QueueModelTask> dependsOn)
    {
        var repository = step.One % 2;
        var filed = await fleet.FileAsync(
            $"task {_tasks.Count}",
            (TaskPriority)(step.Two % 3),
            step.One % 3 == 0 ? PermissionLevel.Supervised : PermissionLevel.Autonomous,
            maxAttempts: 2,
            Repositories[repository],
            [.. dependsOn.Select(task => task.Id)]);
        _tasks.Add(new QueueModelTask(filed, repository, dependsOn));
    }

    private async Task ClaimAsync(int worker)
    {
        var ready = await fleet.QueryAsync<WorkOrderRow>(
            "select id, task_id from work_orders where organization_id = @OrganizationId and state = 'ready' order by rank, sequence");
        var full = worker == 1 && Running.Count(task => task.Worker == _workers[1]) >= 2;
        var claim = Guid.NewGuid();

        var order = await fleet.ClaimAsync(_workers[worker], claim);

        Assert.Equal(full || ready.Count == 0 ? null : ready[0].Id, order?.Id);
        if (order is not null)
        {
            var task = _tasks.Single(task => task.Id == order.Task.Id);
            Assert.Equal(AgentTaskStatus.Queued, task.Status);
            (task.Status, task.Running, task.Worker, task.Begun) = (AgentTaskStatus.InProgress, order, _workers[worker], true);
            _claims.Add((task, order, claim, _workers[worker]));
            await fleet.OpenSessionAsync(order);
        }
    }

    private async Task ClaimAgainAsync(QueueStep step)
    {
        if (_claims.Count == 0)
        {
            return;
        }

        var (task, order, claim, worker) = Pick(_claims, step.One);
        if (task.Running?.Id == order.Id)
        {
            var again = await fleet.ClaimAsync(worker, claim);
            Assert.Equal((order.Id, order.LeaseToken, order.AgentToken), (again!.Id, again.LeaseToken, again.AgentToken));
        }
        else
        {
            await RefusedAsync(() => fleet.ClaimAsync(worker, claim), ErrorCodes.QueueClaimSpent, ErrorCodes.WorkersNotFound, ErrorCodes.WorkersSuperseded);
        }
    }

    private async Task EndAsync(QueueModelTask? task, FailureKind? failure)
    {
        if (task?.Running is not { } order)
        {
            return;
        }

        var end = failure is { } kind ? await fleet.FailAsync(order, kind, fleet.Time.GetUtcNow().AddMinutes(1)) : await fleet.CompleteAsync(order);
        Ended(task, failure);
        Assert.Equal(task.Status, end.TaskStatus);
    }

    private async Task CompleteStaleAsync(QueueStep step)
    {
        var ended = _claims.Where(claim => claim.Task.Running?.Id != claim.Order.Id).ToList();
        if (ended.Count == 0)
        {
            return;
        }

        var (task, order, _, _) = Pick(ended, step.One);
        if (_ends[order.Id] is null)
        {
            Assert.Equal(task.Status, (await fleet.CompleteAsync(order)).TaskStatus);
        }
        else
        {
            await RefusedAsync(() => fleet.CompleteAsync(order), ErrorCodes.QueueLeaseLost);
        }
    }

    private async Task ForeignTokenAsync(QueueModelTask? task)
    {
        if (task?.Running is { } order)
        {
            await RefusedAsync(() => fleet.CompleteAsync(order, token: order.LeaseToken + 1000), ErrorCodes.QueueLeaseLost);
            await RefusedAsync(() => fleet.FailAsync(order, FailureKind.Permanent, token: order.LeaseToken + 1000), ErrorCodes.QueueLeaseLost);
        }
    }

    private async Task DecideAsync(QueueStep step)
    {
        // Mostly what may be; else whatever there is.
        bool May(QueueModelTask task) => step.Verb switch
        {
            QueueVerb.Cancel => task.Status is not (AgentTaskStatus.Completed or AgentTaskStatus.Cancelled),
            QueueVerb.Retry => task.Status == AgentTaskStatus.Failed,
            _ => task.Status == AgentTaskStatus.InReview,
        };
        if (Pick(step.Two % 3 == 0 ? _tasks : [.. _tasks.Where(May)], step.One) is not { } task)
        {
            return;
        }

        var (to, act) = step.Verb switch
        {
            QueueVerb.Cancel => (AgentTaskStatus.Cancelled, fleet.CancelAsync),
            QueueVerb.Retry => (AgentTaskStatus.Queued, (Guid id) => fleet.RetryAsync(id)),
            QueueVerb.Accept => (AgentTaskStatus.Completed, fleet.AcceptAsync),
            _ => (AgentTaskStatus.Queued, (Func<Guid, Task<TaskView>>)fleet.RejectAsync),
        };
        if (!May(task))
        {
            await RefusedAsync(() => act(task.Id), ErrorCodes.TasksTransition);
            return;
        }

        Assert.Equal(to, (await act(task.Id)).Status);
        task.Status = to;
        task.Used = to == AgentTaskStatus.Queued ? 0 : task.Used;
        task.Open.Clear();
    }

    private async Task DependOnAsync(QueueStep step)
    {
        bool May(QueueModelTask task) => task.Status == AgentTaskStatus.Blocked || task is { Status: AgentTaskStatus.Queued, Begun: false };
        if (Pick(step.Two % 5 == 0 ? _tasks : [.. _tasks.Where(May)], step.One) is not { } task || Pick(_tasks, step.Two) is not { } other)
        {
            return;
        }

        var update = new UpdateTaskRequest { DependsOn = [other.Id] };
        if (task.DependsOn is [var same] && same == other)
        {
            Assert.Equal(task.Status, (await fleet.UpdateAsync(task.Id, update)).Status);
        }
        else if (!May(task))
        {
            await RefusedAsync(() => fleet.UpdateAsync(task.Id, update), ErrorCodes.TasksNotEditable);
        }
        else if (other == task || other.WaitsFor(task))
        {
            await RefusedAsync(() => fleet.UpdateAsync(task.Id, update), ErrorCodes.TasksDependencyCycle);
        }
        else
        {
            await fleet.UpdateAsync(task.Id, update);
            task.DependsOn = [other];
            task.Status = other.Status == AgentTaskStatus.Completed ? AgentTaskStatus.Queued : AgentTaskStatus.Blocked;
        }
    }

    private async Task PrioritiseAsync(QueueStep step)
    {
        if (Pick(_tasks.Where(task => task.Status is not (AgentTaskStatus.Completed or AgentTaskStatus.Cancelled)).ToList(), step.One) is { } task)
        {
            var priority = (TaskPriority)(step.Two % 3);
            var view = await fleet.UpdateAsync(task.Id, new UpdateTaskRequest { Priority = priority });
            Assert.Equal((priority, task.Status), (view.Priority, view.Status));
        }
    }

    private async Task AskAsync(QueueModelTask? task)
    {
        if (task?.Running is not { } order)
        {
            return;
        }

        if (task.Status == AgentTaskStatus.Cancelled)
        {
            await RefusedAsync(() => fleet.AskAsync(order), ErrorCodes.ExecutionsEnded);
            return;
        }

        var id = Guid.NewGuid();
        await fleet.AskAsync(order, id);
        await fleet.AskAsync(order, id);
        task.Open.Add(id);
        task.Status = AgentTaskStatus.Waiting;
    }

    private async Task CloseAsync(QueueStep step)
    {
        if (Pick(_tasks.Where(task => task.Open.Count > 0).ToList(), step.One) is not { } task)
        {
            return;
        }

        var id = Pick(task.Open.Order().ToList(), step.Two);
        await (step.Verb == QueueVerb.Answer ? fleet.AnswerAsync(id) : fleet.WithdrawAsync(id));
        await RefusedAsync(() => fleet.AnswerAsync(id), ErrorCodes.RequestsNotOpen);
        task.Open.Remove(id);
        task.Status = task.Open.Count > 0 ? AgentTaskStatus.Waiting : AgentTaskStatus.InProgress;
    }

    private async Task MessageAsync(QueueModelTask? task)
    {
        if (task?.Status is AgentTaskStatus.Completed or AgentTaskStatus.Cancelled)
        {
            await RefusedAsync(() => fleet.PostAsync(task.Id), ErrorCodes.TasksTransition);
        }
        else if (task is not null)
        {
            await fleet.PostAsync(task.Id);
        }
    }

    private async Task LimitAsync(QueueStep step)
    {
        if (_tasks.FirstOrDefault(task => task.Repository == step.One % 2) is { } task)
        {
            var limit = step.Two % 4;
            await fleet.LimitAsync(task.RepositoryId, limit);
            _limits[task.Repository] = limit == 0 ? null : limit;
        }
    }

    private async Task LapseAsync()
    {
        await fleet.PassLeaseTimeAsync(fleet.Options.Lease + TimeSpan.FromSeconds(1));
        await fleet.RescueAsync();
        Lost(Running);
    }

    private async Task RegisterAnewAsync(int worker)
    {
        var lost = Running.Where(task => task.Worker == _workers[worker]).ToList();
        await RegisterAsync(worker);
        Lost(lost);
    }

    private async Task AdvanceAsync(QueueStep step)
    {
        fleet.Time.Advance(TimeSpan.FromSeconds(step.One % 120));
        await fleet.PromoteAsync();
    }

    private void Lost(IEnumerable<QueueModelTask> tasks)
    {
        foreach (var task in tasks)
        {
            Ended(task, FailureKind.Transient);
        }
    }

    private void Ended(QueueModelTask task, FailureKind? failure)
    {
        _ends[task.Running!.Id] = failure;
        task.End(failure);
    }

    private void Release()
    {
        foreach (var task in _tasks.Where(task =>
            task.Status == AgentTaskStatus.Blocked && task.DependsOn.All(dependency => dependency.Status == AgentTaskStatus.Completed)))
        {
            task.Status = AgentTaskStatus.Queued;
        }
    }

    private static async Task RefusedAsync(Func<Task> act, params string[] codes)
    {
        var refusal = await Assert.ThrowsAsync<ProblemException>(act);
        Assert.Contains(refusal.Code, codes);
    }
}
