using System.Globalization;
using AgentVine.Contracts;
using AgentVine.Contracts.Sessions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Sessions;

/// <summary>A row of <c>sessions</c>: one conversation, over all attempts and tasks that it served.</summary>
internal sealed class SessionRow
{
    public Guid Id { get; init; }

    public string SessionId { get; init; } = "";

    public Guid TaskId { get; init; }

    public Guid ExecutionId { get; init; }

    public Guid WorkerId { get; init; }

    public string Runtime { get; init; } = "";

    public string? Model { get; init; }

    public string Status { get; init; } = "active";

    public string? EndReason { get; init; }

    public string? CostUsd { get; init; }

    /// <summary>What it had cost when its newest attempt began.</summary>
    public string? CostBefore { get; init; }

    public long? ContextTokens { get; init; }

    public long? ContextWindow { get; init; }

    public int TasksServed { get; init; } = 1;

    public Guid? RepositoryId { get; init; }

    public string? TaskType { get; init; }

    public string? PermissionLevel { get; init; }

    /// <summary>The model that its task named, where it named one.</summary>
    public string? AskedModel { get; init; }

    /// <summary>Whether its task is finished and it waits for a similar one.</summary>
    public bool IsFree { get; init; }

    /// <summary>The newest checkpoint that holds its transcript.</summary>
    public Guid? CheckpointExecution { get; init; }

    public int? CheckpointN { get; init; }

    public long CreatedAt { get; init; }

    public long LastActivityAt { get; init; }

    /// <summary>From its running attempt.</summary>
    public long? UnconfirmedSince { get; init; }

    public SessionStatus State => VineJson.Parse<SessionStatus>(Status);

    /// <summary>How much of its context is in use; 0 where that is unknown.</summary>
    public double ContextShare => ContextTokens is { } used && ContextWindow is { } all && all > 0 ? (double)used / all : 0;

    public SessionView ToView() => new()
    {
        Id = Id,
        SessionId = SessionId,
        TaskId = TaskId,
        ExecutionId = ExecutionId,
        WorkerId = WorkerId,
        Runtime = Runtime,
        Model = Model,
        Status = State,
        EndReason = EndReason is null ? null : VineJson.Parse<SessionEndReason>(EndReason),
        CreatedAt = CreatedAt.Time(),
        LastActivityAt = LastActivityAt.Time(),
        ContextTokens = ContextTokens,
        ContextWindow = ContextWindow,
        CostUsd = Cost(CostUsd),
        TasksServed = TasksServed,
        UnconfirmedSince = UnconfirmedSince.Time(),
    };

    /// <summary>The sum with what the running attempt cost so far, as it is stored.</summary>
    public string? CostWith(decimal? attempt) =>
        attempt is null ? CostUsd : ((Cost(CostBefore) ?? 0) + attempt.Value).ToString(CultureInfo.InvariantCulture);

    private static decimal? Cost(string? stored) => stored is null ? null : decimal.Parse(stored, CultureInfo.InvariantCulture);
}
