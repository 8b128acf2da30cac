namespace AgentVine.Contracts.Tasks;

/// <summary>The queue a task's work orders stand in. Lower ones age: see <c>QueueRank</c>.</summary>
public enum TaskPriority
{
    /// <summary>Queue <c>high_priority</c>.</summary>
    High,

    /// <summary>Queue <c>default</c>.</summary>
    Normal,

    /// <summary>Queue <c>low_priority</c>.</summary>
    Low,
}
