using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Commands.Inbox;

/// <summary>What wants an answer now.</summary>
internal static class OpenRequests
{
    /// <summary>All open requests, the one that waits longest first.</summary>
    public static async Task<IReadOnlyList<RequestView>> ListAsync(CommandRun run, CancellationToken cancellationToken)
    {
        var open = new List<RequestView>();
        string? after = null;
        do
        {
            var page = await run.Client.ListRequestsAsync(RequestStatus.Open, null, after, cancellationToken);
            open.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        return [.. open.OrderBy(request => request.AskedAt)];
    }
}
