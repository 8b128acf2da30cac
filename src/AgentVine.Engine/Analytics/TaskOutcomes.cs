using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;

namespace AgentVine.Engine.Analytics;

/// <summary>Keeps each end of a task as a fact of its own: a task that is queued again forgets that it had ended, and history may not.</summary>
internal sealed class TaskOutcomes : ITaskObserver
{
    public async Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken)
    {
        if (move.To is AgentTaskStatus.Completed or AgentTaskStatus.Failed or AgentTaskStatus.Cancelled)
        {
            await unit.ExecuteAsync(
                AnalyticsSql.InsertOutcome, new { unit.Now, TaskId = move.Task.Id, Status = VineJson.Name(move.To), move.Task.ExecutionId });
        }
    }
}
