using AgentVine.Engine.Identity;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Executions;

/// <summary>Finds the running execution of an agent's token; an ended one's is nobody's.</summary>
internal sealed class AgentTokenLookup(IStore store) : IAgentTokenLookup
{
    public async Task<AgentIdentity?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var execution = await store.ReadAsync(
            Organizations.Default,
            session => session.FirstOrDefaultAsync<ExecutionRow>(ExecutionsSql.OfAgentToken, new { AgentToken = token }),
            cancellationToken);
        return execution is null ? null : new AgentIdentity(Organizations.Default, execution.Id, execution.TaskId);
    }
}
