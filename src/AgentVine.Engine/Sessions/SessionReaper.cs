using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>Ends kept sessions by policy, each with its reason.</summary>
internal sealed class SessionReaper(IStore store, KeptSessions kept, TimeProvider time, ILogger<SessionReaper> logger) : Loop(time, logger)
{
    protected override TimeSpan Period { get; } = TimeSpan.FromSeconds(5);

    protected override async Task TurnAsync(CancellationToken cancellationToken)
    {
        // Looked at first: a turn with nothing to end opens no write.
        if (await store.ReadAsync(Organizations.Default, session => session.QueryAsync<SessionRow>(SessionsSql.AllFree), cancellationToken) is [])
        {
            return;
        }

        await store.WriteAsync(
            Organizations.Default,
            async unit =>
            {
                await kept.ReapAsync(unit);
                return true;
            },
            cancellationToken);
    }
}
