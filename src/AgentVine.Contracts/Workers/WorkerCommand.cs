using AgentVine.Contracts.Conversations;

namespace AgentVine.Contracts.Workers;

/// <summary>One line of a worker's durable command channel. Acknowledged by the next read's <c>after</c>.</summary>
public sealed record WorkerCommand
{
    /// <summary>From 1, gapless within the worker.</summary>
    public required long N { get; init; }

    /// <summary>What to do.</summary>
    public required WorkerCommandType Type { get; init; }

    /// <summary>The attempt that is meant; absent for drain and for the stop of a worker.</summary>
    public Guid? ExecutionId { get; init; }

    /// <summary>The request, for <c>answer</c>, <c>pause</c> and <c>resume</c>.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The answer, for <c>answer</c>.</summary>
    public RequestAnswer? Answer { get; init; }

    /// <summary>The message's id, for <c>message</c>.</summary>
    public Guid? MessageId { get; init; }

    /// <summary>The text, for <c>message</c>.</summary>
    public string? Content { get; init; }
}
