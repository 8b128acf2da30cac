using System.Text.Json;

namespace AgentVine.Contracts.Events;

/// <summary>An immutable fact of the organization's log, appended in the same transaction as the change that it tells.</summary>
public sealed record EventView
{
    /// <summary>From 1, gapless, in commit order.</summary>
    public required long Sequence { get; init; }

    /// <summary>As in <c>task.created</c>: see <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>When, by the server's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The task it is about.</summary>
    public Guid? TaskId { get; init; }

    /// <summary>The work order it is about.</summary>
    public Guid? WorkOrderId { get; init; }

    /// <summary>The attempt it is about.</summary>
    public Guid? ExecutionId { get; init; }

    /// <summary>The session it is about (AgentVine's id).</summary>
    public Guid? SessionId { get; init; }

    /// <summary>The request it is about.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>The worker it is about.</summary>
    public Guid? WorkerId { get; init; }

    /// <summary>What changed.</summary>
    public JsonElement? Data { get; init; }
}
