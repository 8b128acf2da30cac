using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Testing.Conformance;

/// <summary>What the model knows of a task.</summary>
internal sealed class QueueModelTask(TaskView filed, int repository, IReadOnlyList<QueueModelTask> dependsOn)
{
    public Guid Id => filed.Id;

    public Guid RepositoryId => filed.RepositoryId;

    public int Repository => repository;

    public IReadOnlyList<QueueModelTask> DependsOn { get; set; } = dependsOn;

    /// <summary>Whether an attempt of it was ever claimed.</summary>
    public bool Begun { get; set; }

    public bool WaitsFor(QueueModelTask other) => DependsOn.Any(dependency => dependency == other || dependency.WaitsFor(other));

    public AgentTaskStatus Status { get; set; } =
        dependsOn.All(task => task.Status == AgentTaskStatus.Completed) ? AgentTaskStatus.Queued : AgentTaskStatus.Blocked;

    public int Used { get; set; }

    /// <summary>The attempt that runs, also of a cancelled task until its end is told.</summary>
    public WorkOrderView? Running { get; set; }

    public Guid Worker { get; set; }

    public HashSet<Guid> Open { get; } = [];

    /// <summary>What the end of its attempt makes of the task.</summary>
    public void End(FailureKind? failure)
    {
        Running = null;
        Open.Clear();
        if (Status == AgentTaskStatus.Cancelled)
        {
            return;
        }

        Used += failure is FailureKind.Transient or FailureKind.BadResult or FailureKind.TimedOut ? 1 : 0;
        Status = failure switch
        {
            null => filed.PermissionLevel == PermissionLevel.Autonomous ? AgentTaskStatus.Completed : AgentTaskStatus.InReview,
            FailureKind.Permanent or FailureKind.Budget => AgentTaskStatus.Failed,
            _ => Used >= filed.MaxAttempts ? AgentTaskStatus.Failed : AgentTaskStatus.Queued,
        };
    }
}
