using AgentVine.Contracts;
using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Worker.Tests.Host;

/// <summary>Work orders as a server hands them out.</summary>
internal static class Orders
{
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
