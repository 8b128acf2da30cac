using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Workers;

/// <summary>Answers and messages that their worker has not acknowledged.</summary>
internal sealed class CommandDepth : IQueueDepthSource
{
    public string Name => QueueNames.ControllerResponses;

    public async Task<WaitingCount> CountAsync(IReadSession session, CancellationToken cancellationToken) =>
        (await session.FirstOrDefaultAsync<WaitingCount>(WorkersSql.UnacknowledgedCount))!;
}
