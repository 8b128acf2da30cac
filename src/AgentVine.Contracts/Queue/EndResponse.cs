namespace AgentVine.Contracts.Queue;

/// <summary>The answer to complete and fail.</summary>
/// <param name="TaskStatus">What became of the task.</param>
/// <param name="Next">The order that <c>claim_next</c> found, if any.</param>
public sealed record EndResponse(Tasks.AgentTaskStatus TaskStatus, WorkOrderView? Next);
