namespace AgentVine.Testing.Conformance;

/// <summary>What can happen in a random history of the queue.</summary>
public enum QueueVerb
{
    File,
    FileDependent,
    Claim,
    ClaimAgain,
    Complete,
    CompleteStale,
    ForeignToken,
    Fail,
    Cancel,
    Retry,
    DependOn,
    Prioritise,
    Accept,
    Reject,
    Ask,
    Answer,
    Withdraw,
    Message,
    Limit,
    Lapse,
    RegisterAnew,
    Advance,
}
