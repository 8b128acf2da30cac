namespace AgentVine.Contracts.Events;

/// <summary>Every type of event there is.</summary>
public static class EventTypes
{
    /// <summary>A task was filed.</summary>
    public const string TaskCreated = "task.created";

    /// <summary>A task moved through the table of states; data has <c>from</c>, <c>to</c> and why.</summary>
    public const string TaskStatusChanged = "task.status_changed";

    /// <summary>A person changed a task; data has the names of what changed.</summary>
    public const string TaskUpdated = "task.updated";

    /// <summary>A work order came into the queue.</summary>
    public const string WorkOrderEnqueued = "work_order.enqueued";

    /// <summary>A worker claimed one.</summary>
    public const string WorkOrderClaimed = "work_order.claimed";

    /// <summary>A work order left the queue; data has its end.</summary>
    public const string WorkOrderEnded = "work_order.ended";

    /// <summary>The dead letter dropped a task after its time; data has since when it was there. The task stays failed and can be retried.</summary>
    public const string DeadLetterExpired = "dead_letter.expired";

    /// <summary>An attempt began.</summary>
    public const string ExecutionStarted = "execution.started";

    /// <summary>An attempt ended; data has its status and error.</summary>
    public const string ExecutionEnded = "execution.ended";

    /// <summary>An attempt's commits are in the server's repository.</summary>
    public const string ExecutionBranchStored = "execution.branch_stored";

    /// <summary>An agent told how far it is.</summary>
    public const string ExecutionProgress = "execution.progress";

    /// <summary>A checkpoint is stored, transcript and files; data has its number and commit.</summary>
    public const string ExecutionCheckpointStored = "execution.checkpoint_stored";

    /// <summary>The worker host of a running attempt is not heard of; data has since when.</summary>
    public const string ExecutionUnconfirmed = "execution.unconfirmed";

    /// <summary>It was heard of again.</summary>
    public const string ExecutionConfirmed = "execution.confirmed";

    /// <summary>An agent is alive and does nothing, or does again; data has the step that was taken and since when.</summary>
    public const string ExecutionStalled = "execution.stalled";

    /// <summary>What a superseded or ended attempt sent was recorded, without effect.</summary>
    public const string ExecutionSuperseded = "execution.superseded";

    /// <summary>An agent's conversation began on a task.</summary>
    public const string SessionOpened = "session.opened";

    /// <summary>A conversation's status changed.</summary>
    public const string SessionStatusChanged = "session.status_changed";

    /// <summary>An agent needs an answer.</summary>
    public const string RequestOpened = "request.opened";

    /// <summary>It was answered.</summary>
    public const string RequestAnswered = "request.answered";

    /// <summary>Nobody answered in time: it is put before more people.</summary>
    public const string RequestEscalated = "request.escalated";

    /// <summary>The agent has the answer.</summary>
    public const string RequestDelivered = "request.delivered";

    /// <summary>Nobody waits for it any more.</summary>
    public const string RequestCancelled = "request.cancelled";

    /// <summary>A line of conversation.</summary>
    public const string MessagePosted = "message.posted";

    /// <summary>The agent has a person's message.</summary>
    public const string MessageDelivered = "message.delivered";

    /// <summary>A worker registered.</summary>
    public const string WorkerRegistered = "worker.registered";

    /// <summary>A worker's status changed.</summary>
    public const string WorkerStatusChanged = "worker.status_changed";

    /// <summary>A model account takes no work until a moment; data has name, until and the provider's words.</summary>
    public const string AccountLimited = "account.limited";

    /// <summary>A model account takes no work until it is opened; data has name, cause and reason.</summary>
    public const string AccountClosed = "account.closed";

    /// <summary>A model account takes work again; data has name and why.</summary>
    public const string AccountOpened = "account.opened";

    /// <summary>A repository was first named, or its settings changed.</summary>
    public const string RepositoryChanged = "repository.changed";
}
