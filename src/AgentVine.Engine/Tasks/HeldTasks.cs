using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

/// <summary>Why queued tasks wait though their time has come: no worker that is there has an open account for their runtime.</summary>
internal sealed class HeldTasks
{
    private readonly IReadOnlyDictionary<string, string> _reasons;
    private readonly IReadOnlySet<Guid> _delayed;
    private readonly ILookup<Guid, string> _lanesBefore;

    private HeldTasks(IReadOnlyDictionary<string, string> reasons, IReadOnlySet<Guid> delayed, ILookup<Guid, string> lanesBefore) =>
        (_reasons, _delayed, _lanesBefore) = (reasons, delayed, lanesBefore);

    /// <summary>For the tasks that were created in a span: a look costs what is shown, however much waits beside it.</summary>
    public static async Task<HeldTasks> ReadAsync(IReadSession session, long oldest, long newest)
    {
        var span = new { Oldest = oldest, Newest = newest };
        var reasons = await AccountGate.HeldAsync(session);
        var delayed = reasons.Count == 0 ? [] : await session.QueryAsync<Guid>(QueueSql.DelayedTasks, span);
        var before = reasons.Count == 0 ? [] : await session.QueryAsync<LaneBefore>(QueueSql.HeldByLanes, span);
        return new HeldTasks(reasons, delayed.ToHashSet(), before.ToLookup(each => each.TaskId, each => each.Lane));
    }

    /// <summary>What is shown of <paramref name="task"/>, with what it waits for.</summary>
    public TaskView Explain(TaskView task) =>
        task.Status == AgentTaskStatus.Queued && !_delayed.Contains(task.Id) && ReasonOf(task) is { } reason ? task with { StatusReason = reason } : task;

    // Work that waits for an account keeps its place in the repository, so that it goes on first; the rest waits with it.
    private string? ReasonOf(TaskView task) =>
        _reasons.TryGetValue(task.Runtime, out var reason) ? reason
        : _lanesBefore[task.Id].Select(lane => _reasons.GetValueOrDefault(QueueRank.RuntimeOf(lane))).FirstOrDefault(words => words is not null) is { } other
            ? $"waits for a place in its repository, where tasks before it wait: {other}"
        : null;

    private sealed class LaneBefore
    {
        public Guid TaskId { get; init; }

        public string Lane { get; init; } = "";
    }
}
