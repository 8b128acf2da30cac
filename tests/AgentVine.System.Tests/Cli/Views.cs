using AgentVine.Contracts.Conversations;
using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;

namespace AgentVine.System.Tests.Cli;

/// <summary>Views as a server gives them, for tests to vary.</summary>
internal static class Views
{
    public static readonly DateTimeOffset Then = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    public static Guid Id(string end) => Guid.Parse("0197f0c0-0000-7000-8000-0000" + end);

    public static TaskView Task(string end = "9f3a1c22", AgentTaskStatus status = AgentTaskStatus.Queued) => new()
    {
        Id = Id(end),
        Title = "Implement user authentication",
        TaskType = TaskType.Feature,
        Priority = TaskPriority.Normal,
        PermissionLevel = PermissionLevel.Autonomous,
        Status = status,
        MergeState = MergeState.None,
        RepositoryId = Id("00000001"),
        RepositoryUrl = "https://github.com/your/repo",
        BranchName = "main",
        Timeout = 3600,
        DependsOn = [],
        Runtime = "claude-code",
        Attempt = 0,
        MaxAttempts = 3,
        CreatedAt = Then,
        UpdatedAt = Then,
    };

    public static ExecutionView Execution(TaskView task, long lines, ExecutionStatus status = ExecutionStatus.Completed) => new()
    {
        Id = Id("0000e001"),
        TaskId = task.Id,
        WorkOrderId = Id("0000d001"),
        Attempt = 1,
        WorkerId = Id("0000c001"),
        WorkerName = "worker-1",
        Runtime = "claude-code",
        Status = status,
        OutputCount = lines,
        StartedAt = Then,
        EndedAt = status == ExecutionStatus.Running ? null : Then.AddMinutes(2),
    };

    public static OutputLine Line(long n, OutputKind kind, string text) => new() { N = n, At = Then.AddSeconds(n), Kind = kind, Text = text };

    public static RequestView Request(RequestKind kind, string end = "1a2b3c4d") => new()
    {
        Id = Id(end),
        Kind = kind,
        Status = RequestStatus.Open,
        TaskId = Task().Id,
        TaskTitle = Task().Title,
        Title = "May it?",
        AskedAt = Then,
    };
}
