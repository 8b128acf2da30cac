using AgentVine.Contracts;
using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Conversations;

/// <summary>A row of <c>requests</c>, with its task's title.</summary>
internal sealed class RequestRow
{
    /// <summary>Asked over the agent program's own protocol: the answer goes to its worker.</summary>
    public const string ThroughWorker = "worker";

    /// <summary>Asked with the <c>vine</c> MCP server's ask_human: the answer is the tool's result.</summary>
    public const string ThroughMcp = "mcp";

    /// <summary>Opened by the fleet itself: a review.</summary>
    public const string ThroughFleet = "fleet";

    public Guid Id { get; init; }

    public string Kind { get; init; } = "";

    public string Status { get; init; } = "";

    public Guid TaskId { get; init; }

    public string TaskTitle { get; init; } = "";

    public Guid? ExecutionId { get; init; }

    public string? SessionId { get; init; }

    public Guid? WorkerId { get; init; }

    public string AskedThrough { get; init; } = "";

    public string Title { get; init; } = "";

    public string? Body { get; init; }

    public string? Questions { get; init; }

    public string? Tool { get; init; }

    public long AskedAt { get; init; }

    public long? ClosedAt { get; init; }

    public string? Answer { get; init; }

    public string? DecidedBy { get; init; }

    public long? DeliveredAt { get; init; }

    public string? CancelReason { get; init; }

    public long? EscalatesAt { get; init; }

    public long? EscalatedAt { get; init; }

    /// <summary>When its attempt is to be parked, should nobody have answered by then.</summary>
    public long? ParksAt { get; init; }

    /// <summary>When its worker was asked to park the attempt.</summary>
    public long? ParkAskedAt { get; init; }

    /// <summary>The attempt that may use this answer once for exactly what was asked: of an allowed permission whose agent was gone.</summary>
    public Guid? GrantedTo { get; init; }

    public long? GrantUsedAt { get; init; }

    /// <summary>From its attempt.</summary>
    public string? ExecutionStatus { get; init; }

    /// <summary>From its attempt.</summary>
    public long? ExecutionEndedAt { get; init; }

    /// <summary>From its attempt.</summary>
    public long? UnconfirmedSince { get; init; }

    /// <summary>Whether its attempt was put away, so that its answer is for the next one.</summary>
    public bool IsParked => ExecutionStatus == VineJson.Name(Contracts.Executions.ExecutionStatus.Parked);

    public RequestKind KindValue => VineJson.Parse<RequestKind>(Kind);

    public RequestStatus State => VineJson.Parse<RequestStatus>(Status);

    public IReadOnlyList<RequestQuestion> QuestionList => JsonColumn.Read<List<RequestQuestion>>(Questions) ?? [];

    public RequestView ToView() => new()
    {
        Id = Id,
        Kind = KindValue,
        Status = State,
        TaskId = TaskId,
        TaskTitle = TaskTitle,
        ExecutionId = ExecutionId,
        SessionId = SessionId,
        WorkerId = WorkerId,
        Title = Title,
        Body = Body,
        Questions = JsonColumn.Read<List<RequestQuestion>>(Questions),
        Tool = JsonColumn.Read<RequestTool>(Tool),
        AskedAt = AskedAt.Time(),
        EscalatesAt = EscalatesAt.Time(),
        EscalatedAt = EscalatedAt.Time(),
        ParkedAt = IsParked ? ExecutionEndedAt.Time() : null,
        UnconfirmedSince = UnconfirmedSince.Time(),
        ClosedAt = ClosedAt.Time(),
        Answer = JsonColumn.Read<RequestAnswer>(Answer),
        DecidedBy = DecidedBy,
        DeliveredAt = DeliveredAt.Time(),
        CancelReason = CancelReason,
    };
}
