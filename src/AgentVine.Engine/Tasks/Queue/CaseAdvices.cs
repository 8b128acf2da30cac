using AgentVine.Contracts.Queue;
using AgentVine.Contracts.Tasks;

namespace AgentVine.Engine.Tasks.Queue;

/// <summary>What a person can do for a task that was given up, by what ended it.</summary>
internal static class CaseAdvices
{
    /// <param name="task">The task.</param>
    /// <param name="account">The account that paid its last attempt, where that is known.</param>
    /// <param name="hasCheckpoint">Whether there is anything to go on from.</param>
    public static IReadOnlyList<CaseAdvice> For(TaskView task, string? account, bool hasCheckpoint)
    {
        var id = task.Id.ToString("D");
        return
        [
            .. Mend(CauseWords.Cause(task.Error), task, id, account ?? "NAME"),
            .. hasCheckpoint ? Again(task, id) : [new CaseAdvice("try again, from the target branch as it is now", $"vine dead requeue {id}")],
            new CaseAdvice("read all that its agents said and did", $"vine task logs {id}"),
            new CaseAdvice("give it up", $"vine task cancel {id}"),
        ];
    }

    // What has to change before another try is of use.
    private static IReadOnlyList<CaseAdvice> Mend(FailureCause? cause, TaskView task, string id, string account) => cause switch
    {
        FailureCause.KeyRefused =>
        [
            new("give the worker a key that holds, and restart it: a new key opens its account by itself", "vine accounts"),
            new("or open the account, if the key was in order", $"vine accounts open {account}"),
        ],
        FailureCause.NoCredit => [new("add credit at the provider, then open the account", $"vine accounts open {account}")],
        FailureCause.RateLimited => [new("see until when its account is limited", "vine accounts")],
        FailureCause.Overloaded or FailureCause.ServerError or FailureCause.Unreachable or FailureCause.MalformedAnswer =>
            [new("look whether the provider is well, and the worker's machine reaches it", "vine doctor")],
        FailureCause.PromptTooLong =>
        [
            new("ask for less at once, or say where to look", $"vine task edit {id} --description-file -"),
            new("or take a model with a longer context", $"vine task edit {id} --model MODEL"),
        ],
        FailureCause.OutputLimit => [new("ask for the work in smaller pieces", $"vine task edit {id} --description-file -")],
        FailureCause.Refusal => [new("say more of what the work is for, or word it otherwise", $"vine task edit {id} --description-file -")],
        FailureCause.RequestRefused => [new("look at the model's name first", $"vine task edit {id} --model MODEL")],
        FailureCause.OutOfMemory => [new("give its worker's machine more memory, or fewer slots", "vine workers")],
        FailureCause.TimedOut => [new("give it more time", $"vine task edit {id} --timeout {Hours(task.Timeout)}h")],
        FailureCause.BudgetSpent => [new("raise its budget", $"vine task edit {id} --budget {Doubled(task.BudgetUsd)}")],
        FailureCause.ChecksRed => [new("tell the agent what the checks want; its next attempt begins with that", $"vine chat {id}")],
        FailureCause.Git => [new("mend what git says above: mostly the repository's address, its access, or branches that do not go together", null)],
        FailureCause.DiskFull => [new("make room on the worker's machine", "vine workers")],
        FailureCause.NotStarted => [new("look whether the agent program runs on the worker's machine", "vine doctor")],
        FailureCause.WorkerLost => [new("look whether its workers live, and what ended them", "vine workers")],
        _ => [],
    };

    private static IReadOnlyList<CaseAdvice> Again(TaskView task, string id)
    {
        var same = new CaseAdvice("go on from its newest checkpoint, in the same conversation", $"vine dead requeue {id} --session same");
        var fresh = new CaseAdvice("begin anew, from the target branch as it is now", $"vine dead requeue {id} --session fresh");
        return TaskRequeue.DefaultFor(task.Error) == RequeueSession.Same ? [same, fresh] : [fresh, same];
    }

    private static int Hours(int seconds) => Math.Max(1, (int)Math.Ceiling(seconds * 2 / 3600.0));

    private static string Doubled(decimal? budget) => ((budget ?? 1) * 2).ToString("0.##", System.Globalization.CultureInfo.InvariantCulture);
}
