namespace AgentVine.Contracts.Sessions;

/// <summary>A session as the API shows it.</summary>
public sealed record SessionView
{
    /// <summary>AgentVine's id of it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The agent program's own id; the one in <c>task.session_id</c>.</summary>
    public required string SessionId { get; init; }

    /// <summary>The task it works on, or worked on last.</summary>
    public required Guid TaskId { get; init; }

    /// <summary>The attempt it works on, or worked on last.</summary>
    public required Guid ExecutionId { get; init; }

    /// <summary>The worker that runs it, or ran it last.</summary>
    public required Guid WorkerId { get; init; }

    /// <summary>The driver.</summary>
    public required string Runtime { get; init; }

    /// <summary>The model as the agent program names it.</summary>
    public string? Model { get; init; }

    /// <summary>Where it stands.</summary>
    public required SessionStatus Status { get; init; }

    /// <summary>Why it ended, once it has.</summary>
    public SessionEndReason? EndReason { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its agent last said or did something, as far as its worker told.</summary>
    public required DateTimeOffset LastActivityAt { get; init; }

    /// <summary>Tokens of context in use, as far as its worker told.</summary>
    public long? ContextTokens { get; init; }

    /// <summary>Tokens of context that its model has.</summary>
    public long? ContextWindow { get; init; }

    /// <summary>List price in US dollars of all that it did, as the agent program counted it.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>How many tasks it worked on.</summary>
    public required int TasksServed { get; init; }

    /// <summary>Since when its worker host has not been heard of; absent while it is known to run, or known not to.</summary>
    public DateTimeOffset? UnconfirmedSince { get; init; }
}
