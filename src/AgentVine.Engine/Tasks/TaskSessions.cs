using AgentVine.Contracts.Sessions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Sessions;

namespace AgentVine.Engine.Tasks;

/// <summary>Lets a task's kept conversation go when the task is final: to the next similar task, or to its end.</summary>
internal sealed class TaskSessions(KeptSessions kept) : ITaskObserver
{
    public Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken) => move.To switch
    {
        AgentTaskStatus.Completed => kept.FreeAsync(unit, move.Task.Id),
        AgentTaskStatus.Failed => KeptSessions.EndOfTaskAsync(unit, move.Task.Id, SessionEndReason.Error),
        AgentTaskStatus.Cancelled => KeptSessions.EndOfTaskAsync(unit, move.Task.Id, SessionEndReason.Cancelled),
        _ => Task.CompletedTask,
    };
}
