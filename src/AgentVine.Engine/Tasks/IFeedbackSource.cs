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
    /// <param name="heardUntil">
    /// The moment of the conversation that the attempt goes on with, in microseconds: what was delivered later went down with its agent. 0 for a
    /// conversation that begins anew.
    /// </param>
    /// <param name="cancellationToken">Cancels before the unit, never within.</param>
    Task<IReadOnlyList<Feedback>> TakeAsync(IUnitOfWork unit, Guid taskId, Guid executionId, long heardUntil, CancellationToken cancellationToken);
}
