using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Conversations;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Sessions;
using AgentVine.Engine.Tasks;
using AgentVine.Engine.Tasks.Queue;
using Xunit;

namespace AgentVine.Testing.Conformance;

/// <summary>What holds after each act.</summary>
internal sealed partial class QueueModel
{
    private const string Of = "where organization_id = @OrganizationId";

    private readonly Dictionary<Guid, AgentTaskStatus> _told = [];
    private readonly HashSet<(string Type, Guid Subject)> _once = [];
    private long _sequence;

    private async Task CheckAsync()
    {
        var statuses = (await fleet.QueryAsync<StatusRow>($"select id, status from tasks {Of}"))
            .ToDictionary(row => row.Id, row => VineJson.Parse<AgentTaskStatus>(row.Status));
        Assert.All(_tasks, task => Assert.Equal((task.Id, task.Status), (task.Id, statuses[task.Id])));

        var orders = await fleet.QueryAsync<WorkOrderRow>($"select id, task_id, state, held_reason, rank, execution_id from work_orders {Of} order by rank, sequence");
        Assert.All(_tasks, task => CheckOrder(task, [.. orders.Where(order => order.TaskId == task.Id)]));
        CheckPlaces(orders);

        var running = Running.Select(task => task.Running!.ExecutionId).Order().ToList();
        Assert.Equal(running, (await fleet.QueryAsync<ExecutionRow>($"select id from executions {Of} and status = 'running'")).Select(row => row.Id).Order());
        Assert.Equal(running, (await fleet.QueryAsync<SessionRow>($"select execution_id from sessions {Of} and status <> 'terminated'"))
            .Select(row => row.ExecutionId).Order());
        await CheckRequestsAsync();
        await CheckLogAsync();
    }

    private static void CheckOrder(QueueModelTask task, IReadOnlyList<WorkOrderRow> orders)
    {
        string[] allowed = task switch
        {
            { Running: not null } => ["leased"],
            { Status: AgentTaskStatus.Queued } => ["ready", "held"],
            { Status: AgentTaskStatus.Failed } => ["dead"],
            _ => [],
        };
        if (allowed.Length == 0)
        {
            Assert.Empty(orders);
            return;
        }

        var order = Assert.Single(orders);
        Assert.Contains(order.State, allowed);
        Assert.Equal(task.Running?.ExecutionId, order.State == "leased" ? order.ExecutionId : null);
    }

    private void CheckPlaces(IReadOnlyList<WorkOrderRow> orders)
    {
        for (var repository = 0; repository < _limits.Length; repository++)
        {
            var own = orders.Where(order => _tasks.Single(task => task.Id == order.TaskId).Repository == repository).ToList();
            var held = own.FirstOrDefault(order => order.HeldReason == "repository");
            var ready = own.Where(order => order.State == "ready").ToList();
            var taken = ready.Count + own.Count(order => order.State == "leased");
            if (_limits[repository] is not { } limit)
            {
                Assert.Null(held);
                continue;
            }

            Assert.True(ready.Count == 0 || taken <= limit, $"{taken} of {limit} places are taken");
            Assert.True(held is null || taken >= limit, $"an order is held though {taken} of {limit} places are taken");
            Assert.All(ready, order => Assert.True(held is null || order.Rank <= held.Rank, "a held order outranks a ready one"));
        }
    }

    private async Task CheckRequestsAsync()
    {
        var open = await fleet.QueryAsync<RequestRow>($"select id, kind, task_id from requests {Of} and status = 'open'");
        Assert.Equal(
            _tasks.SelectMany(task => task.Open).Order(),
            open.Where(request => request.Kind != "review").Select(request => request.Id).Order());
        Assert.Equal(
            _tasks.Where(task => task.Status == AgentTaskStatus.InReview).Select(task => task.Id).Order(),
            open.Where(request => request.Kind == "review").Select(request => request.TaskId).Order());
    }

    // The log is gapless, tells each thing once, and telling it over again leads to the same states.
    private async Task CheckLogAsync()
    {
        foreach (var happened in (await fleet.EventsAsync()).Where(happened => happened.Sequence > _sequence))
        {
            Assert.Equal(_sequence + 1, happened.Sequence);
            _sequence = happened.Sequence;
            Follow(happened);
            Guid? subject = happened.Type switch
            {
                EventTypes.TaskCreated => happened.TaskId,
                EventTypes.WorkOrderEnqueued or EventTypes.WorkOrderClaimed => happened.WorkOrderId,
                EventTypes.ExecutionStarted or EventTypes.ExecutionEnded or EventTypes.ExecutionSuperseded => happened.ExecutionId,
                EventTypes.RequestOpened or EventTypes.RequestAnswered or EventTypes.RequestCancelled => happened.RequestId,
                _ => null,
            };
            Assert.True(subject is not { } id || _once.Add((happened.Type, id)), $"{happened.Type} of {subject} is told twice");
        }

        Assert.Equal(_sequence, (await fleet.QueryAsync<long>($"select last_sequence from event_counters {Of}"))[0]);
        Assert.All(_tasks, task => Assert.Equal(task.Status, _told[task.Id]));
    }

    private void Follow(EventView happened)
    {
        if (happened.Type is not (EventTypes.TaskCreated or EventTypes.TaskStatusChanged))
        {
            return;
        }

        var data = happened.Data!.Value;
        var created = happened.Type == EventTypes.TaskCreated;
        var from = created ? (AgentTaskStatus?)null : _told[happened.TaskId!.Value];
        var to = VineJson.Parse<AgentTaskStatus>(data.GetProperty(created ? "status" : "to").GetString()!);
        Assert.True(created || data.GetProperty("from").GetString() == VineJson.Name(from!.Value), $"{happened.Sequence} does not follow what was told");
        Assert.True(AgentTaskTransitions.Allows(from, to), $"{happened.Sequence} tells of a move that is not in the table: {from} to {to}");
        _told[happened.TaskId!.Value] = to;
        Moves.Add((from, to));
    }

    private sealed class StatusRow
    {
        public Guid Id { get; init; }

        public string Status { get; init; } = "";
    }
}
