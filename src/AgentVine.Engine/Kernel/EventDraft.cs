namespace AgentVine.Engine.Kernel;

/// <summary>A fact on its way into the log. <paramref name="Data"/> is written as JSON in the wire's dialect.</summary>
public sealed record EventDraft(
    string Type,
    Guid? TaskId = null,
    Guid? WorkOrderId = null,
    Guid? ExecutionId = null,
    Guid? SessionId = null,
    Guid? RequestId = null,
    Guid? WorkerId = null,
    object? Data = null);
