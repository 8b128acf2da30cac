using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Conversations;

/// <summary>
/// Before the first call is answered: a question that an agent asked with the fleet's own tool hung on a connection of the server that
/// went. That call has failed for the agent, which may ask again; nobody waits for the old question.
/// </summary>
internal sealed class ToolsRestart(IStore store, RequestDesk desk) : BeforeFirstCall
{
    public override Task StartingAsync(CancellationToken cancellationToken)
    {
        // Of a shared database, the connection may be another server's.
        return store.Dialect.IsShared
            ? Task.CompletedTask
            : store.WriteAsync(
                Organizations.Default,
                async unit =>
                {
                    foreach (var request in await unit.QueryAsync<RequestRow>(ConversationsSql.OpenOfRunningTools))
                    {
                        await desk.WithdrawAsync(unit, request.Id, "the server was started anew, which cut the agent off while it waited; it may ask again", cancellationToken);
                    }

                    return true;
                },
                cancellationToken);
    }
}
