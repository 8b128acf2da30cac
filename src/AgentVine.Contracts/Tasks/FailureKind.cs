namespace AgentVine.Contracts.Tasks;

/// <summary>Why an attempt failed, by what that means for the next one.</summary>
public enum FailureKind
{
    /// <summary>May well succeed next time: retried with growing delay.</summary>
    Transient,

    /// <summary>Cannot succeed as it stands: dead letter at once.</summary>
    Permanent,

    /// <summary>A limit of the model's provider: tried again once its account is open, no attempt burnt.</summary>
    RateLimit,

    /// <summary>The agent handed back something that is not acceptable.</summary>
    BadResult,

    /// <summary>The task's <c>timeout</c> of agent time ran out.</summary>
    TimedOut,

    /// <summary>A budget is spent. The task's own: dead letter. Its repository's or the day's: tried again when the day is over, no attempt burnt.</summary>
    Budget,

    /// <summary>Stopped because the task was cancelled.</summary>
    Cancelled,

    /// <summary>Cut short by its worker's stop: queued again, no attempt burnt.</summary>
    Interrupted,
}
