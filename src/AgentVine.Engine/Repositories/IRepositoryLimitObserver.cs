using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Repositories;

/// <summary>Filled by the queue above: a changed limit moves orders between ready and held in the same unit.</summary>
internal interface IRepositoryLimitObserver
{
    Task OnLimitChangedAsync(IUnitOfWork unit, Guid repositoryId, CancellationToken cancellationToken);

    /// <summary>What waits for the next day's budget need not wait any longer. Called before the unit takes the repository's lock.</summary>
    Task OnBudgetRaisedAsync(IUnitOfWork unit, Guid repositoryId, CancellationToken cancellationToken);
}
