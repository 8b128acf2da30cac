namespace AgentVine.Contracts.Executions;

/// <summary>The highest number up to which every line is durable.</summary>
public sealed record AppendOutputResponse(long Stored);
