namespace AgentVine.Contracts.Conversations;

/// <summary>A request as the API shows it.</summary>
public sealed record RequestView
{
    /// <summary>UUID.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is needed.</summary>
    public required RequestKind Kind { get; init; }

    /// <summary>Where it stands.</summary>
    public required RequestStatus Status { get; init; }

    /// <summary>The task whose agent asks.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The task's title.</summary>
    public required string TaskTitle { get; init; }

    /// <summary>The attempt; absent for a review.</summary>
    public Guid? ExecutionId { get; init; }

    /// <summary>The agent program's own session id.</summary>
    public string? SessionId { get; init; }

    /// <summary>The worker that runs the agent.</summary>
    public Guid? WorkerId { get; init; }

    /// <summary>One line for the inbox.</summary>
    public required string Title { get; init; }

    /// <summary>More, in Markdown.</summary>
    public string? Body { get; init; }

    /// <summary>For a question.</summary>
    public IReadOnlyList<RequestQuestion>? Questions { get; init; }

    /// <summary>For a permission.</summary>
    public RequestTool? Tool { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When it is put before more people, unless it is closed by then; absent for a review.</summary>
    public DateTimeOffset? EscalatesAt { get; init; }

    /// <summary>When that was done.</summary>
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>When its attempt was parked; the answer reaches the attempt after it.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>Since when the worker host of its agent has not been heard of; absent while that is confirmed.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }

    /// <summary>When it was answered or cancelled.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The answer.</summary>
    public RequestAnswer? Answer { get; init; }

    /// <summary>Who answered.</summary>
    public string? DecidedBy { get; init; }

    /// <summary>When the agent had the answer.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>Why it was cancelled.</summary>
    public string? CancelReason { get; init; }
}
