using AgentVine.Contracts;
using AgentVine.Contracts.Events;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>The rows of tasks: finding them, and moving them by the table with the event and what follows from it.</summary>
internal sealed class TaskRecords(IEnumerable<ITaskObserver> observers)
{
    public static async Task<TaskRow?> FindAsync(IReadSession session, Guid id) =>
        await session.FirstOrDefaultAsync<TaskRow>(TasksSql.Find, new { Id = id });

    /// <summary>The row, under lock until the unit ends.</summary>
    /// <exception cref="ProblemException">404 <c>tasks.not_found</c>.</exception>
    public static async Task<TaskRow> LockAsync(IUnitOfWork unit, Guid id)
    {
        await unit.ExecuteAsync(TasksSql.Lock, new { Id = id });
        return await FindAsync(unit, id) ?? throw NotFound(id);
    }

    public static async Task<TaskView> ViewAsync(IReadSession session, TaskRow task) =>
        (await HeldTasks.ReadAsync(session, task.CreatedAt, task.CreatedAt)).Explain(task.ToView(
            await session.QueryAsync<Guid>(TasksSql.Dependencies, new { task.Id }), await session.QueryAsync<Guid>(TasksSql.Subtasks, new { task.Id })));

    public static async Task<TaskView> ShowAsync(IReadSession session, Guid id) =>
        await ViewAsync(session, await FindAsync(session, id) ?? throw NotFound(id));

    public static ProblemException NotFound(Guid id) =>
        new(404, ErrorCodes.TasksNotFound, $"There is no task {id}. GET /api/v1/tasks lists them.");

    /// <summary>Writes changes that are no move.</summary>
    public static Task SaveAsync(IUnitOfWork unit, TaskRow task)
    {
        task.UpdatedAt = unit.Now;
        return unit.ExecuteAsync(TasksSql.Update, task);
    }

    /// <summary>Moves <paramref name="task"/> by the table and writes it with all its other changes.</summary>
    /// <param name="unit">The unit that holds the row's lock.</param>
    /// <param name="task">The locked row.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="verb">What is done to it, as in "cancelled", for the refusal.</param>
    /// <param name="reason">Shown as <c>status_reason</c>.</param>
    /// <param name="actor">The person who made it so, where it was one.</param>
    /// <param name="cancellationToken">Cancels before the unit, never within.</param>
    public async Task MoveAsync(
        IUnitOfWork unit, TaskRow task, AgentTaskStatus to, string verb, string? reason, string? actor, CancellationToken cancellationToken)
    {
        var from = task.State;
        AgentTaskTransitions.Check(task.Id, from, to, verb);
        task.Status = VineJson.Name(to);
        task.StatusReason = reason;
        task.FinishedAt = to is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled ? unit.Now : null;
        if (to is not (AgentTaskStatus.InProgress or AgentTaskStatus.Waiting))
        {
            task.WorkerId = null;
        }

        await SaveAsync(unit, task);
        unit.Append(new EventDraft(
            EventTypes.TaskStatusChanged,
            TaskId: task.Id,
            ExecutionId: task.ExecutionId,
            Data: new { from = VineJson.Name(from), to = task.Status, verb, reason, actor }));
        var move = new TaskMove(task, from, to, actor);
        foreach (var observer in observers)
        {
            await observer.OnMovedAsync(unit, move, cancellationToken);
        }
    }
}
