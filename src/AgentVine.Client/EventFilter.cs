namespace AgentVine.Client;

/// <summary>Which events are wanted.</summary>
/// <param name="After">Only those past this sequence; from the log's beginning when 0.</param>
/// <param name="TaskId">Only those about this task.</param>
/// <param name="Types">Only those types, as in <c>task.created</c>; all when empty.</param>
public sealed record EventFilter(long After = 0, Guid? TaskId = null, IReadOnlyList<string>? Types = null);
