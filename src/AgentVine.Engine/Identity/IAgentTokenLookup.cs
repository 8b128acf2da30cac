namespace AgentVine.Engine.Identity;

/// <summary>Finds the running execution that an agent's token belongs to. Filled by the slice that hands tokens out.</summary>
public interface IAgentTokenLookup
{
    /// <summary>The execution, or null when no running one has that token. Tokens of ended executions are nobody's.</summary>
    Task<AgentIdentity?> FindAsync(string token, CancellationToken cancellationToken);
}
