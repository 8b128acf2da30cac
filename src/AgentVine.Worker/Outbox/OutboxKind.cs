namespace AgentVine.Worker.Outbox;

/// <summary>What a worker tells of an attempt. Stored by name: a name is never changed.</summary>
internal enum OutboxKind
{
    /// <summary>A batch of numbered lines of output.</summary>
    Output,

    /// <summary>The conversation that works on the attempt.</summary>
    Session,

    /// <summary>The agent asks.</summary>
    Request,

    /// <summary>The agent no longer waits for an answer.</summary>
    Withdrawal,

    /// <summary>The agent has an answer.</summary>
    AnswerDelivered,

    /// <summary>The agent has a person's message.</summary>
    MessageDelivered,

    /// <summary>The agent makes no progress, or does again.</summary>
    Stall,

    /// <summary>What its model calls came to, by the minute.</summary>
    Usage,

    /// <summary>The attempt ended with a result.</summary>
    Complete,

    /// <summary>The attempt ended without one.</summary>
    Fail,

    /// <summary>The attempt is put away while people are asked.</summary>
    Park,
}
