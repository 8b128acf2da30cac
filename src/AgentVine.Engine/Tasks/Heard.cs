namespace AgentVine.Engine.Tasks;

/// <summary>Of which words of people a resumed conversation can know: what was delivered later went down with its agent.</summary>
/// <param name="From">The attempt whose transcript it is; null for a conversation that begins anew and knows nothing.</param>
/// <param name="Until">The moment of that transcript, in microseconds; 0 for nothing.</param>
internal sealed record Heard(Guid? From, long Until);
