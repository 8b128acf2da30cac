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

    private HeldTasks(IReadOnlyDictionary<string, string> reasons, IReadOnlySet<Guid> delayed) => (_reasons, _delayed) = (reasons, delayed);

    public static async Task<HeldTasks> ReadAsync(IReadSession session)
    {
        var reasons = await AccountGate.HeldAsync(session);
        var delayed = reasons.Count == 0 ? [] : await session.QueryAsync<Guid>(QueueSql.DelayedTasks);
        return new HeldTasks(reasons, delayed.ToHashSet());
    }

    /// <summary>What is shown of <paramref name="task"/>, with what it waits for.</summary>
    public TaskView Explain(TaskView task) =>
        task.Status == AgentTaskStatus.Queued && !_delayed.Contains(task.Id) && _reasons.TryGetValue(task.Runtime, out var reason)
            ? task with { StatusReason = reason }
            : task;
}
