using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>Filled by the conversations above: what people wrote that no agent has seen goes into an attempt's first turn.</summary>
internal interface IFeedbackSource
{
    /// <summary>The words, oldest first, now bound to <paramref name="executionId"/>.</summary>
    Task<IReadOnlyList<Feedback>> TakeAsync(IUnitOfWork unit, Guid taskId, Guid executionId, CancellationToken cancellationToken);
}
