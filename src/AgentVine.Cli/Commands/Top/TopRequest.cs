using AgentVine.Contracts.Conversations;

namespace AgentVine.Cli.Commands.Top;

/// <summary>A request that nobody has answered.</summary>
internal sealed record TopRequest(
    Guid Id, RequestKind Kind, string Title, Guid TaskId, string? TaskTitle, DateTimeOffset AskedAt, DateTimeOffset? EscalatedAt);
