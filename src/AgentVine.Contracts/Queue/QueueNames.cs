namespace AgentVine.Contracts.Queue;

/// <summary>The five queues' names.</summary>
public static class QueueNames
{
    /// <summary>Work orders of priority high.</summary>
    public const string HighPriority = "high_priority";

    /// <summary>Work orders of priority normal.</summary>
    public const string Default = "default";

    /// <summary>Work orders of priority low.</summary>
    public const string LowPriority = "low_priority";

    /// <summary>Requests of agents that nobody has answered.</summary>
    public const string WorkerRequests = "worker_requests";

    /// <summary>Answers and messages that their worker has not acknowledged.</summary>
    public const string ControllerResponses = "controller_responses";

    /// <summary>The three that carry work orders.</summary>
    public static IReadOnlyList<string> WorkOrders { get; } = [HighPriority, Default, LowPriority];
}
