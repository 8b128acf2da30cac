namespace AgentVine.Contracts.Tasks;

/// <summary>What happened to an attempt that failed; <see cref="FailureKind"/> is what that means for the next one.</summary>
public enum FailureCause
{
    /// <summary>The model's provider refused calls for now (429).</summary>
    RateLimited,

    /// <summary>The provider is overloaded (529).</summary>
    Overloaded,

    /// <summary>The provider failed (5xx).</summary>
    ServerError,

    /// <summary>The provider could not be reached.</summary>
    Unreachable,

    /// <summary>An answer of the provider that is not one: no stream, a cut one, another page.</summary>
    MalformedAnswer,

    /// <summary>The provider refused the account's key (401, or a 403 that says so).</summary>
    KeyRefused,

    /// <summary>The account's credit is used up.</summary>
    NoCredit,

    /// <summary>The conversation is longer than the model takes.</summary>
    PromptTooLong,

    /// <summary>The model's answer reached the longest that it may be.</summary>
    OutputLimit,

    /// <summary>The model refused the work.</summary>
    Refusal,

    /// <summary>The agent used up the turns that it may take.</summary>
    MaxTurns,

    /// <summary>The agent program ended without a result.</summary>
    NoResult,

    /// <summary>A signal ended the agent program.</summary>
    Killed,

    /// <summary>The agent program was ended for want of memory.</summary>
    OutOfMemory,

    /// <summary>The agent was alive and did nothing.</summary>
    Stalled,

    /// <summary>A time limit ran out: the agent's, a check's or git's.</summary>
    TimedOut,

    /// <summary>A budget of the task, its repository or the day is spent.</summary>
    BudgetSpent,

    /// <summary>The repository's checks are red.</summary>
    ChecksRed,

    /// <summary>git failed.</summary>
    Git,

    /// <summary>The worker host's disk, or the attempt's share of it, is full.</summary>
    DiskFull,

    /// <summary>The agent program did not begin.</summary>
    NotStarted,

    /// <summary>The worker is gone.</summary>
    WorkerLost,

    /// <summary>The provider took no call as it was (another 4xx).</summary>
    RequestRefused,

    /// <summary>None of these; the message says what.</summary>
    Other,
}
