using AgentVine.Contracts.Tasks;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>What ended a task's last attempt, in a sentence.</summary>
internal static class CauseWords
{
    public static string Of(TaskError? error) => Of(Cause(error)) ?? error?.Kind switch
    {
        null => "It failed, and no attempt said why.",
        FailureKind.Permanent => "It cannot succeed as things are.",
        FailureKind.BadResult => "What the agent handed back was not acceptable.",
        _ => "It failed for a reason that may pass, as often as it may be tried.",
    };

    /// <summary>The cause that the worker told, or that the kind alone says.</summary>
    public static FailureCause? Cause(TaskError? error) => error switch
    {
        { Cause: { } told and not FailureCause.Other } => told,
        { Kind: FailureKind.TimedOut } => FailureCause.TimedOut,
        { Kind: FailureKind.Budget } => FailureCause.BudgetSpent,
        { Kind: FailureKind.RateLimit } => FailureCause.RateLimited,
        _ => null,
    };

    private static string? Of(FailureCause? cause) => cause switch
    {
        FailureCause.RateLimited => "The model's provider allowed no more calls.",
        FailureCause.Overloaded => "The model's provider was overloaded, each time that it was tried.",
        FailureCause.ServerError => "The model's provider failed, each time that it was tried.",
        FailureCause.Unreachable => "The model's provider could not be reached.",
        FailureCause.MalformedAnswer => "What came back from the model's provider was no answer of a model.",
        FailureCause.KeyRefused => "The model's provider refused the account's key.",
        FailureCause.NoCredit => "The account's credit is used up.",
        FailureCause.PromptTooLong => "The conversation grew longer than the model takes.",
        FailureCause.OutputLimit => "The model's answer reached the longest that it may be.",
        FailureCause.Refusal => "The model refused the work.",
        FailureCause.MaxTurns => "The agent used up the turns that it may take.",
        FailureCause.NoResult => "The agent program ended without a result.",
        FailureCause.Killed => "A signal ended the agent program.",
        FailureCause.OutOfMemory => "The agent, or what it started, took more memory than there was.",
        FailureCause.Stalled => "The agent was alive and did nothing.",
        FailureCause.TimedOut => "The time that it may take ran out.",
        FailureCause.BudgetSpent => "Its budget is spent.",
        FailureCause.ChecksRed => "The repository's checks are red on its work.",
        FailureCause.Git => "Git could not do what the attempt needed.",
        FailureCause.DiskFull => "The disk of its worker's machine, or its share of it, is full.",
        FailureCause.NotStarted => "The agent program did not begin.",
        FailureCause.WorkerLost => "Its worker was gone, each time that it was tried.",
        FailureCause.RequestRefused => "The model's provider does not take its calls as they are.",
        _ => null,
    };
}
