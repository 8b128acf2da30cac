namespace AgentVine.Engine.Tasks;

/// <summary>Of a task that an agent filed: the task that the agent worked on, its attempt, and what tells the same wish again.</summary>
internal sealed record TaskParent(Guid Id, Guid ExecutionId, string Key);
