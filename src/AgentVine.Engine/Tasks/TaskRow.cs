using AgentVine.Contracts;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Tasks;

/// <summary>A row of <c>tasks</c>, with its repository's URL.</summary>
internal sealed class TaskRow
{
    public Guid Id { get; init; }

    public string Title { get; set; } = "";

    public string? Description { get; set; }

    public string TaskType { get; init; } = "";

    public string Priority { get; set; } = "";

    public string PermissionLevel { get; init; } = "";

    public string Status { get; set; } = "";

    public string? StatusReason { get; set; }

    public string MergeState { get; init; } = "";

    public Guid RepositoryId { get; init; }

    public string RepositoryUrl { get; init; } = "";

    public string? BranchName { get; set; }

    public string? Context { get; init; }

    public string? Payload { get; init; }

    public string? Metadata { get; set; }

    public int Timeout { get; set; }

    public string Runtime { get; init; } = "";

    public string? Model { get; set; }

    /// <summary>Attempts begun.</summary>
    public int Attempt { get; set; }

    /// <summary>Attempts that count against <see cref="MaxAttempts"/>: an interruption or a rate limit burns none.</summary>
    public int AttemptsUsed { get; set; }

    public int MaxAttempts { get; set; }

    /// <summary>Millionths of a dollar that its attempts may spend together.</summary>
    public long? Budget { get; set; }

    /// <summary>Those that its repository's tasks may spend in a day.</summary>
    public long? RepositoryBudget { get; init; }

    /// <summary>Those that its attempts have spent.</summary>
    public long Spent { get; init; }

    public BudgetLimits Budgets() => new(Budget, RepositoryBudget);

    /// <summary>The task's place in its queue, kept over its attempts: see <see cref="Queue.QueueRank"/>.</summary>
    public long QueueRank { get; set; }

    /// <summary>The task whose agent filed it, in which attempt, and what tells the same wish again.</summary>
    public Guid? ParentId { get; init; }

    public Guid? ParentExecution { get; init; }

    public string? SubtaskKey { get; init; }

    public string? WorkBranch { get; set; }

    public string? SessionId { get; set; }

    public Guid? WorkerId { get; set; }

    /// <summary>The attempt that has effect; older ones are recorded and powerless.</summary>
    public Guid? ExecutionId { get; set; }

    /// <summary>What a reviewer said, for the next attempt's first turn.</summary>
    public string? Feedback { get; set; }

    /// <summary>The attempt whose newest checkpoint the next one goes on from; null when that starts from the target branch.</summary>
    public Guid? ResumeExecution { get; set; }

    /// <summary>From the running attempt.</summary>
    public long? UnconfirmedSince { get; init; }

    /// <summary>From the running attempt.</summary>
    public long? StalledSince { get; init; }

    public string? Result { get; set; }

    public string? Error { get; set; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; set; }

    public long? StartedAt { get; set; }

    public long? FinishedAt { get; set; }

    public AgentTaskStatus State => VineJson.Parse<AgentTaskStatus>(Status);

    public TaskPriority Class => VineJson.Parse<TaskPriority>(Priority);

    public TaskView ToView(IReadOnlyList<Guid> dependsOn, IReadOnlyList<Guid> subtasks) => new()
    {
        Id = Id,
        Title = Title,
        Description = Description,
        TaskType = VineJson.Parse<TaskType>(TaskType),
        Priority = Class,
        PermissionLevel = VineJson.Parse<PermissionLevel>(PermissionLevel),
        Status = State,
        StatusReason = StatusReason,
        MergeState = VineJson.Parse<MergeState>(MergeState),
        RepositoryId = RepositoryId,
        RepositoryUrl = RepositoryUrl,
        BranchName = BranchName,
        Context = JsonColumn.Element(Context),
        Payload = JsonColumn.Element(Payload),
        Metadata = JsonColumn.Element(Metadata),
        Timeout = Timeout,
        DependsOn = dependsOn,
        ParentId = ParentId,
        Subtasks = subtasks,
        Runtime = Runtime,
        Model = Model,
        Attempt = Attempt,
        MaxAttempts = MaxAttempts,
        BudgetUsd = Budget.Dollar(),
        SpentUsd = Spent.Dollar(),
        WorkBranch = WorkBranch,
        SessionId = SessionId,
        WorkerId = WorkerId,
        UnconfirmedSince = UnconfirmedSince.Time(),
        StalledSince = StalledSince.Time(),
        Result = JsonColumn.Read<TaskResult>(Result),
        Error = JsonColumn.Read<TaskError>(Error),
        CreatedAt = CreatedAt.Time(),
        UpdatedAt = UpdatedAt.Time(),
        StartedAt = StartedAt.Time(),
        FinishedAt = FinishedAt.Time(),
    };
}
