using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace AgentVine.Contracts.Conversations;

/// <summary>The body of <c>POST /api/v1/requests/{id}/answer</c>; which members belong to it follows from the request's kind.</summary>
public sealed record RequestAnswer
{
    /// <summary>Permission: <c>allow</c> or <c>deny</c>. Approval and review: <c>approve</c> or <c>reject</c>.</summary>
    public AnswerDecision? Decision { get; init; }

    /// <summary>Permission: this call alone (the default), or every call of that tool in this session.</summary>
    public GrantScope? Scope { get; init; }

    /// <summary>Permission denied: what the agent is told.</summary>
    [StringLength(20_000)]
    public string? Reason { get; init; }

    /// <summary>Permission allowed: run the tool with this input in place of the one asked for.</summary>
    [JsonObjectSize(1_048_576)]
    public JsonElement? UpdatedInput { get; init; }

    /// <summary>Question: question text → label, labels joined by <c>", "</c>, or free text.</summary>
    public IReadOnlyDictionary<string, string>? Answers { get; init; }

    /// <summary>Question: free words in place of single answers.</summary>
    [StringLength(20_000)]
    public string? Text { get; init; }

    /// <summary>Approval or review: what the agent is told.</summary>
    [StringLength(20_000)]
    public string? Comment { get; init; }
}
