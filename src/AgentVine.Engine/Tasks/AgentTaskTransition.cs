using AgentVine.Contracts.Tasks;

namespace AgentVine.Engine.Tasks;

/// <summary>One move of the table.</summary>
public sealed record AgentTaskTransition(AgentTaskStatus? From, AgentTaskStatus To, string When);
