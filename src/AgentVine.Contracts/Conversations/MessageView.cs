namespace AgentVine.Contracts.Conversations;

/// <summary>A line of a task's conversation.</summary>
public sealed record MessageView
{
    /// <summary>UUID, version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Grows with every message of the organization: the cursor of <c>?after=</c>.</summary>
    public required long Sequence { get; init; }

    /// <summary>The task.</summary>
    public required Guid TaskId { get; init; }

    /// <summary><c>person</c> or <c>agent</c>.</summary>
    public required string Author { get; init; }

    /// <summary>The words.</summary>
    public required string Content { get; init; }

    /// <summary>When it was stored.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the agent had it, for a person's message.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }
}
