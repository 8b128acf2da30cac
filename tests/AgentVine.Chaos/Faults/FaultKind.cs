namespace AgentVine.Chaos.Faults;

/// <summary>What is struck.</summary>
internal enum FaultKind
{
    Server,
    Worker,
    Agent,
    Database,
    Environment,
}
