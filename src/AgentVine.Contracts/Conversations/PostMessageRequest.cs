using System.ComponentModel.DataAnnotations;

namespace AgentVine.Contracts.Conversations;

/// <summary>The body of <c>POST /api/v1/chat/messages</c>: a person writes into a task's conversation.</summary>
public sealed record PostMessageRequest
{
    /// <summary>The task.</summary>
    [Required]
    public Guid? TaskId { get; init; }

    /// <summary>The words.</summary>
    [Required, StringLength(65_536)]
    public string? Content { get; init; }
}
