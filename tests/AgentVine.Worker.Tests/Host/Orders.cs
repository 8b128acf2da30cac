using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;
using AgentVine.Contracts.Workers;
using AgentVine.Testing.Time;

namespace AgentVine.Worker.Tests.Host;

/// <summary>Work orders as a server hands them out.</summary>
internal static class Orders
{
    public static Lease Lease(WorkOrderView order, ManualTime time) => new(order, time.GetTimestamp(), time);

    /// <summary>An attempt of a worker that does not stop.</summary>
    public static RunningAttempt Attempt(Lease lease, int stallAfter = 600) =>
        new(lease, new WorkerSettings(HeartbeatSeconds: 30, LeaseSeconds: 90, stallAfter), () => { }, CancellationToken.None);

    public static WorkOrderView New() => new()
    {
        Id = Guid.NewGuid(),
        Attempt = 1,
        ExecutionId = Guid.NewGuid(),
        LeaseToken = 1,
        LeaseSeconds = 90,
        LeaseExpiresAt = DateTimeOffset.UnixEpoch,
        AgentToken = "vine_agent_of_nobody",
        Feedback = [],
        Task = new TaskView
        {
            Id = Guid.NewGuid(),
            Title = "Add a page",
            TaskType = TaskType.Feature,
            Priority = TaskPriority.Normal,
            PermissionLevel = PermissionLevel.Autonomous,
            Status = AgentTaskStatus.InProgress,
            MergeState = MergeState.None,
            RepositoryId = Guid.NewGuid(),
            RepositoryUrl = "https://example.org/repository",
            Timeout = 3600,
            DependsOn = [],
            Runtime = RuntimeNames.Rehearsal,
            Attempt = 1,
            MaxAttempts = 3,
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        },
    };
}
