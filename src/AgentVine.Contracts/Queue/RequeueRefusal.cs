namespace AgentVine.Contracts.Queue;

/// <summary>A task that could not be requeued.</summary>
/// <param name="Id">The task.</param>
/// <param name="Code">See <see cref="ErrorCodes"/>.</param>
/// <param name="Detail">Why, in words.</param>
public sealed record RequeueRefusal(Guid Id, string Code, string Detail);
