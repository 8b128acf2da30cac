using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Kernel.Events;

namespace AgentVine.Engine.Conversations;

/// <summary>Waits for a request to be answered or cancelled, by the event log.</summary>
internal sealed class RequestWaiter(IStore store, EventFeed feed, TimeProvider time)
{
    /// <summary>The request once it is closed, or as it stands at the end of <paramref name="wait"/>.</summary>
    public async Task<RequestRow> WaitClosedAsync(Guid organizationId, Guid id, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(wait, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        while (true)
        {
            var (sequence, request) = await store.ReadAsync(
                organizationId,
                async session => (await EventLog.LastSequenceAsync(session), await RequestDesk.GetAsync(session, id)),
                cancellationToken);
            if (request.State != RequestStatus.Open || wait <= TimeSpan.Zero)
            {
                return request;
            }

            try
            {
                await feed.WaitPastAsync(organizationId, sequence, stop.Token);
            }
            catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                return request;
            }
        }
    }
}
