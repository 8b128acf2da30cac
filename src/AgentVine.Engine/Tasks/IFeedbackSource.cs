using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>Filled by the conversations above: what people wrote that no agent has seen goes into an attempt's first turn.</summary>
internal interface IFeedbackSource
{
    /// <summary>The words, oldest first, now bound to <paramref name="executionId"/>.</summary>
    /// <param name="unit">The unit of the claim.</param>
    /// <param name="taskId">The task.</param>
    /// <param name="executionId">The attempt that is claimed.</param>
    /// <param name="heard">What the conversation that it goes on with holds of earlier words.</param>
    /// <param name="cancellationToken">Cancels before the unit, never within.</param>
    Task<IReadOnlyList<Feedback>> TakeAsync(IUnitOfWork unit, Guid taskId, Guid executionId, Heard heard, CancellationToken cancellationToken);
}
