using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Tasks;
using AgentVine.Engine.Accounts;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;
using AgentVine.Engine.Tasks.Queue;

namespace AgentVine.Engine.Tasks;

internal sealed partial class Attempts
{
    /// <summary>What the end of an attempt without a result means for its task.</summary>
    /// <param name="Buries">No further try is of use: dead letter.</param>
    /// <param name="Burns">It counts against the task's attempts.</param>
    /// <param name="Delay">How long the next attempt waits.</param>
    /// <param name="GoesOn">The next attempt goes on from where this one was, whether or not it stored a checkpoint of its own.</param>
    private sealed record Verdict(bool Buries, bool Burns, TimeSpan Delay, bool GoesOn)
    {
        /// <summary>The attempt was cut by what is not the task's doing.</summary>
        public static Verdict Again(TimeSpan delay) => new(false, false, delay, true);

        public static Verdict GivenUp { get; } = new(true, false, TimeSpan.Zero, false);
    }

    // So often in a row a task meets its provider's trouble, or a limit without one call that was answered, before that counts against it:
    // an outage of an hour and a half costs that time and no task, and what fails so for ever ends all the same.
    private const int MostTroubles = 12;
    private const int MostLimits = 20;

    // Limits and refused keys are the account's. Its task waits for the account, not for a time of its own, and goes on with another where there is one.
    private static async Task<Verdict> JudgeAsync(IUnitOfWork unit, ExecutionRow execution, TaskRow task, ExecutionStatus status, TaskError error)
    {
        switch (CauseWords.Cause(error))
        {
            case FailureCause.RateLimited when execution.Account is not null && await InARowAsync(unit, execution, IsUnansweredLimit) < MostLimits:
                return Verdict.Again(TimeSpan.Zero);
            case { } cause when IsTrouble(cause) && await InARowAsync(unit, execution, each => IsTrouble(each.Failure()?.Cause)) is var often && often < MostTroubles:
                return Verdict.Again(RetrySchedule.AfterTrouble(often + 1));
            case FailureCause.KeyRefused or FailureCause.NoCredit when execution.Account is { } account:
                return await AccountGate.HasOtherAsync(unit, execution.Runtime, account) ? Verdict.Again(TimeSpan.Zero) : Verdict.GivenUp with { GoesOn = true };
            case FailureCause.BudgetSpent when execution.Refusal() is { Until: { } until }:
                return Verdict.Again(until > unit.Now.Time() ? until - unit.Now.Time() : TimeSpan.Zero);
        }

        if (error.Kind is FailureKind.Permanent or FailureKind.Budget)
        {
            return Verdict.GivenUp with { GoesOn = GoesOn(status, execution) };
        }

        var burns = (Burns(error.Kind) || error.Kind == FailureKind.RateLimit && execution.Account is not null) && !await GotSomewhereAsync(unit, status, execution);
        var used = task.AttemptsUsed + (burns ? 1 : 0);
        return new Verdict(used >= task.MaxAttempts, burns, RetrySchedule.Delay(error, used, unit.Now.Time()), GoesOn(status, execution));
    }

    // Last in the unit, after the locks of order, task and repository.
    private async Task TellAccountAsync(IUnitOfWork unit, ExecutionRow execution, TaskError error)
    {
        if (execution.Account is { } account && CauseWords.Cause(error) is { } cause && AccountGate.IsOfAccount(cause))
        {
            await AccountBook.TakeWordAsync(unit, account, execution.WorkerId, cause, error.Message, error.RetryAt, execution.StartedAt);
        }

        await accounts.LetGoAsync(unit, execution.Account);
    }

    // How many attempts of the task before this one ended so, one after the other.
    private static async Task<int> InARowAsync(IUnitOfWork unit, ExecutionRow execution, Func<ExecutionRow, bool> so) =>
        (await unit.QueryAsync<ExecutionRow>(ExecutionsSql.OfTask, new { execution.TaskId }))
        .Where(each => each.Attempt < execution.Attempt).Reverse().TakeWhile(so).Count();

    private static bool IsTrouble(FailureCause? cause) =>
        cause is FailureCause.Overloaded or FailureCause.ServerError or FailureCause.Unreachable or FailureCause.MalformedAnswer;

    private static bool IsUnansweredLimit(ExecutionRow execution) =>
        execution is { State: ExecutionStatus.RateLimited, Spent: 0 };
}
