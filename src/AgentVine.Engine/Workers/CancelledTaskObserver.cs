using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks;

namespace AgentVine.Engine.Workers;

/// <summary>Tells the worker of a running attempt that its task was cancelled, in the unit that cancels it.</summary>
internal sealed class CancelledTaskObserver(CommandChannel commands) : ITaskObserver
{
    public async Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken)
    {
        if (move.To != AgentTaskStatus.Cancelled || move.From is not (AgentTaskStatus.InProgress or AgentTaskStatus.Waiting))
        {
            return;
        }

        var execution = await Executions.ExecutionRecords.GetAsync(unit, move.Task.ExecutionId!.Value);
        await commands.AppendAsync(unit, execution.WorkerId, new WorkerCommand { N = 0, Type = WorkerCommandType.Cancel, ExecutionId = execution.Id });
    }
}
