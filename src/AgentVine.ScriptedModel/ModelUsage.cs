namespace AgentVine.ScriptedModel;

/// <summary>Token counts that the simulated model reports for one message.</summary>
public sealed record ModelUsage(long Input, long Output, long CacheRead = 0, long CacheWrite = 0);
