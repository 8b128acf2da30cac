using AgentVine.Contracts.Conversations;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Conversations;

/// <summary>A row of <c>messages</c>.</summary>
internal sealed class MessageRow
{
    public const string Person = "person";
    public const string Agent = "agent";

    public Guid Id { get; init; }

    public long Sequence { get; init; }

    public Guid TaskId { get; init; }

    public Guid? ExecutionId { get; init; }

    public string Author { get; init; } = "";

    public string Content { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? DeliveredAt { get; init; }

    public MessageView ToView() => new()
    {
        Id = Id,
        Sequence = Sequence,
        TaskId = TaskId,
        Author = Author,
        Content = Content,
        CreatedAt = CreatedAt.Time(),
        DeliveredAt = DeliveredAt.Time(),
    };
}
