namespace AgentVine.Contracts.Queue;

/// <summary>Where a work order stands.</summary>
public enum WorkOrderState
{
    /// <summary>May be claimed now. Left by a claim.</summary>
    Ready,

    /// <summary>May not be claimed: its repository is full, or it is delayed. Left by the promoter or a freed place.</summary>
    Held,

    /// <summary>A worker has it. Left by complete, fail, or the rescuer when the lease lapses.</summary>
    Leased,

    /// <summary>Its attempt ended, or its task was cancelled.</summary>
    Done,

    /// <summary>Dead letter. Left by a requeue, which makes a new order.</summary>
    Dead,
}
