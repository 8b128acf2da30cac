using AgentVine.Contracts.Queue;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Conversations;

/// <summary>Requests that nobody has answered.</summary>
internal sealed class RequestDepth : IQueueDepthSource
{
    public string Name => QueueNames.WorkerRequests;

    public async Task<WaitingCount> CountAsync(IReadSession session, CancellationToken cancellationToken) =>
        (await session.FirstOrDefaultAsync<WaitingCount>(ConversationsSql.OpenCount))!;
}
