using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>Filled by the slices above that own one of the two conversation queues.</summary>
internal interface IQueueDepthSource
{
    /// <summary>The queue's name.</summary>
    string Name { get; }

    /// <summary>What waits in it.</summary>
    Task<WaitingCount> CountAsync(IReadSession session, CancellationToken cancellationToken);
}
