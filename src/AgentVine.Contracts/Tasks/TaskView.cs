using System.Text.Json;

namespace AgentVine.Contracts.Tasks;

/// <summary>A task as the API shows it.</summary>
public sealed record TaskView
{
    /// <summary>UUID, version 7.</summary>
    public required Guid Id { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Title"/>
    public required string Title { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Description"/>
    public string? Description { get; init; }

    /// <summary>What kind of work it is.</summary>
    public required TaskType TaskType { get; init; }

    /// <summary>Which queue it stands in.</summary>
    public required TaskPriority Priority { get; init; }

    /// <summary>How much of its result needs a person.</summary>
    public required PermissionLevel PermissionLevel { get; init; }

    /// <summary>Where it stands.</summary>
    public required AgentTaskStatus Status { get; init; }

    /// <summary>Why it stands there, in words, where the status alone does not say it (blocked by what, delayed until when).</summary>
    public string? StatusReason { get; init; }

    /// <summary>What became of its branch.</summary>
    public required MergeState MergeState { get; init; }

    /// <summary>The repository's id.</summary>
    public required Guid RepositoryId { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.RepositoryUrl"/>
    public required string RepositoryUrl { get; init; }

    /// <summary>The target branch; absent until a worker has asked the repository for its default.</summary>
    public string? BranchName { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Context"/>
    public JsonElement? Context { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Payload"/>
    public JsonElement? Payload { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Metadata"/>
    public JsonElement? Metadata { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Timeout"/>
    public required int Timeout { get; init; }

    /// <summary>Tasks that must be completed first.</summary>
    public required IReadOnlyList<Guid> DependsOn { get; init; }

    /// <summary>The task whose agent filed it; absent where somebody else did.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>The tasks that its agents filed, oldest first.</summary>
    public IReadOnlyList<Guid> Subtasks { get; init; } = [];

    /// <summary>The driver of its agent.</summary>
    public required string Runtime { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.Model"/>
    public string? Model { get; init; }

    /// <summary>The number of the newest attempt; 0 before the first.</summary>
    public required int Attempt { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.MaxAttempts"/>
    public required int MaxAttempts { get; init; }

    /// <inheritdoc cref="CreateTaskRequest.BudgetUsd"/>
    public decimal? BudgetUsd { get; init; }

    /// <summary>What the model calls of all its attempts cost so far, in US dollars of list price.</summary>
    public decimal SpentUsd { get; init; }

    /// <summary>The branch that its work is handed back on, <c>vine/…</c>; there once an attempt handed one back.</summary>
    public string? WorkBranch { get; init; }

    /// <summary>The agent program's own id of its newest session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The worker that has it now.</summary>
    public Guid? WorkerId { get; init; }

    /// <summary>Since when the worker host of its running attempt has not been heard of; absent while that is confirmed.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }

    /// <summary>Since when the agent of its running attempt is alive and does nothing.</summary>
    public DateTimeOffset? StalledSince { get; init; }

    /// <summary>What the newest successful attempt handed back.</summary>
    public TaskResult? Result { get; init; }

    /// <summary>How the newest attempt failed, until one succeeds.</summary>
    public TaskError? Error { get; init; }

    /// <summary>When it was filed.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>When its newest attempt was claimed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it became completed, failed or cancelled.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}
