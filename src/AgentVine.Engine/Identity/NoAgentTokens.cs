namespace AgentVine.Engine.Identity;

/// <summary>Knows no token: holds until a slice hands some out.</summary>
internal sealed class NoAgentTokens : IAgentTokenLookup
{
    public Task<AgentIdentity?> FindAsync(string token, CancellationToken cancellationToken) => Task.FromResult<AgentIdentity?>(null);
}
