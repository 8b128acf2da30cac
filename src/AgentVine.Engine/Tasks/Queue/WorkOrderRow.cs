using AgentVine.Contracts;
using AgentVine.Contracts.Queue;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>A row of <c>work_orders</c>. Orders that are done leave the table; their attempt's record stays.</summary>
internal sealed class WorkOrderRow
{
    /// <summary>The database's own order of insertion; also the fencing token, since every lease is of an order of its own.</summary>
    public long Sequence { get; init; }

    public Guid Id { get; init; }

    public Guid TaskId { get; init; }

    public Guid RepositoryId { get; init; }

    public string Queue { get; init; } = "";

    public string Lane { get; init; } = "";

    public long Rank { get; init; }

    public string State { get; set; } = "";

    public string? HeldReason { get; set; }

    public long? AvailableAt { get; set; }

    public long? ReadyAt { get; set; }

    public Guid? WorkerId { get; init; }

    public Guid? ExecutionId { get; init; }

    public long? LeaseExpiresAt { get; init; }

    /// <summary>Since when it is in the dead letter.</summary>
    public long? DeadAt { get; init; }

    /// <summary>What ended the last attempt of an order in the dead letter.</summary>
    public string? Cause { get; init; }

    public WorkOrderState OrderState => VineJson.Parse<WorkOrderState>(State);
}
