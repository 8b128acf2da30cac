using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Repositories;

/// <summary>Filled by the queue above: a changed limit moves orders between ready and held in the same unit.</summary>
internal interface IRepositoryLimitObserver
{
    Task OnLimitChangedAsync(IUnitOfWork unit, Guid repositoryId, CancellationToken cancellationToken);
}
