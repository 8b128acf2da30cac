using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>Filled by slices above that must act in the same unit as a task's move.</summary>
internal interface ITaskObserver
{
    /// <summary>Called inside the unit, after the move was written.</summary>
    Task OnMovedAsync(IUnitOfWork unit, TaskMove move, CancellationToken cancellationToken);
}
