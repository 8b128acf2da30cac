using AgentVine.Contracts.Executions;
using AgentVine.Contracts.Queue;
using AgentVine.Engine.Executions;
using AgentVine.Engine.Kernel;

namespace AgentVine.Engine.Accounts;

/// <summary>
/// Grants to spend. What running attempts were granted or have spent, what lost ones may have spent, and what ended ones did never comes
/// to more than a budget that applies, but for one that was lowered meanwhile.
/// </summary>
internal sealed class Budgets(AccountsOptions options)
{
    private static readonly long DayMicros = TimeSpan.FromDays(1).Micros();

    /// <summary>The beginning of a moment's UTC day.</summary>
    public static long DayOf(long micros) => micros - (micros % DayMicros);

    /// <summary>What an attempt may spend so far; null when nothing limits it.</summary>
    public WorkOrderBudget? Of(ExecutionRow execution, BudgetLimits limits) =>
        limits is { Task: null, RepositoryDay: null } && options.DayBudgetUsd is null
            ? null
            : new WorkOrderBudget(execution.Granted.Dollar(), execution.Spent.Dollar());

    /// <summary>Lets the total of an attempt reach what it wants, or says which budget is in the way. Cumulative: asked again, it is granted once.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="executionId">The attempt.</param>
    /// <param name="readLimits">Reads what limits it, once nobody else is granted anything: a subtask takes its budget from its parent's.</param>
    /// <param name="spent">What it has spent in all.</param>
    /// <param name="wanted">What it wants to have spent in all.</param>
    public async Task<BudgetResponse> AskAsync(IUnitOfWork unit, Guid executionId, Func<Task<BudgetLimits>> readLimits, long spent, long wanted)
    {
        await unit.ExecuteAsync(BudgetsSql.Lock);
        var limits = await readLimits();
        var execution = await ExecutionRecords.LockAsync(unit, executionId);
        spent = Math.Max(spent, execution.Spent);
        var refused = wanted <= execution.Granted ? null : await RefusalAsync(unit, execution, limits, spent, wanted);
        var granted = refused is null ? Math.Max(wanted, execution.Granted) : execution.Granted;
        await ExecutionRecords.SpendAsync(unit, execution.Id, granted, spent, execution.Metered, StillRefused(execution, granted, wanted, refused));
        return new BudgetResponse(granted.Dollar(), refused);
    }

    /// <summary>What the attempts of a task have spent, or may yet; nobody is granted more before the unit ends.</summary>
    public static async Task<long> CommittedAsync(IUnitOfWork unit, Guid taskId)
    {
        await unit.ExecuteAsync(BudgetsSql.Lock);
        return await unit.FirstOrDefaultAsync<long>(BudgetsSql.SpentByTask, new { ExecutionId = Guid.Empty, TaskId = taskId });
    }

    /// <summary>An attempt ended: what it said it spent is spent, also where no call of its was metered.</summary>
    public static async Task SettleAsync(IUnitOfWork unit, Guid executionId, decimal? costUsd)
    {
        var execution = await ExecutionRecords.LockAsync(unit, executionId);
        var total = execution is { Spent: 0, Metered: 0 } ? costUsd?.Micros() ?? 0 : execution.Spent;
        if (total <= execution.Metered)
        {
            return;
        }

        var day = DayOf(execution.EndedAt ?? unit.Now);
        var today = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SpendingOfDayBy, new { Day = day, ExecutionId = execution.Id });
        await StoreSpendingAsync(unit, execution, day, today + total - execution.Metered);
        await ExecutionRecords.SpendAsync(unit, execution.Id, execution.Granted, total, total, execution.Refused());
    }

    /// <summary>The end of a lost attempt was told after all: it will spend no more, and holds no grant.</summary>
    public static async Task SettleLostAsync(IUnitOfWork unit, Guid executionId, decimal? costUsd)
    {
        await SettleAsync(unit, executionId, costUsd);
        var execution = await ExecutionRecords.LockAsync(unit, executionId);
        await ExecutionRecords.SpendAsync(unit, execution.Id, execution.Spent, execution.Spent, execution.Metered, execution.Refused());
    }

    /// <summary>Stores what calls came to, by minute and model.</summary>
    public static async Task StoreUsageAsync(IUnitOfWork unit, ExecutionRow execution, IReadOnlyList<UsageRow> rows)
    {
        foreach (var row in rows)
        {
            await unit.ExecuteAsync(BudgetsSql.StoreUsage, new
            {
                ExecutionId = execution.Id,
                Minute = Minute(row),
                row.Model,
                row.Calls,
                row.Input,
                row.Output,
                row.CacheRead,
                row.CacheWrite,
                Cost = row.CostUsd.Micros(),
            });
        }

        await ByDayAsync(unit, execution, [.. rows.Select(row => DayOf(Minute(row)))]);
    }

    // What the end said beyond what was metered stands on the day of the end, and is less by all that is metered after it.
    private static async Task ByDayAsync(IUnitOfWork unit, ExecutionRow execution, HashSet<long> days)
    {
        var known = await unit.FirstOrDefaultAsync<long>(BudgetsSql.UsageBetween, new { ExecutionId = execution.Id, From = 0L, To = long.MaxValue });
        var unmetered = Math.Max(0, execution.Metered - known);
        var settled = DayOf(execution.EndedAt ?? unit.Now);
        if (execution.Metered > 0)
        {
            days.Add(settled);
        }

        foreach (var day in days)
        {
            var spent = await unit.FirstOrDefaultAsync<long>(BudgetsSql.UsageBetween, new { ExecutionId = execution.Id, From = day, To = day + DayMicros });
            await StoreSpendingAsync(unit, execution, day, spent + (day == settled ? unmetered : 0));
        }

        var metered = known + unmetered;
        await ExecutionRecords.SpendAsync(unit, execution.Id, execution.Granted, Math.Max(execution.Spent, metered), metered, execution.Refused());
    }

    private async Task<BudgetRefusal?> RefusalAsync(IUnitOfWork unit, ExecutionRow execution, BudgetLimits limits, long spent, long wanted)
    {
        var (held, wish) = (Math.Max(execution.Granted, spent), Math.Max(wanted, spent));
        if (limits.Task is { } task)
        {
            var others = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SpentByTask, new { ExecutionId = execution.Id, execution.TaskId });
            if (others + wish > task)
            {
                var aside = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SetAsideByTask, new { ExecutionId = execution.Id, execution.TaskId });
                return new BudgetRefusal(BudgetScope.Task, task.Dollar(), (others + held).Dollar(), null) { SetAsideUsd = aside.Dollar() };
            }
        }

        var day = DayOf(unit.Now);
        var until = (day + DayMicros).Time();
        if (limits.RepositoryDay is { } repository)
        {
            var key = new { ExecutionId = execution.Id, Day = day, execution.RepositoryId };
            var others = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SpentOnDayByRepository, key) - execution.Metered;
            if (others + wish > repository)
            {
                var aside = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SetAsideOnDayByRepository, key);
                return new BudgetRefusal(BudgetScope.Repository, repository.Dollar(), (others + held).Dollar(), until) { SetAsideUsd = aside.Dollar() };
            }
        }

        if (options.DayBudgetUsd is { } dollars)
        {
            var key = new { ExecutionId = execution.Id, Day = day };
            var others = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SpentOnDay, key) - execution.Metered;
            if (others + wish > dollars.Micros())
            {
                var aside = await unit.FirstOrDefaultAsync<long>(BudgetsSql.SetAsideOnDay, key);
                return new BudgetRefusal(BudgetScope.Day, dollars, (others + held).Dollar(), until) { SetAsideUsd = aside.Dollar() };
            }
        }

        return null;
    }

    // A smaller ask that is granted leaves what was refused refused: of calls side by side the one may be cut and the other not.
    private static RefusedAsk? StillRefused(ExecutionRow execution, long granted, long wanted, BudgetRefusal? refused)
    {
        var former = execution.Refused();
        return refused is not null ? new RefusedAsk(refused, Math.Max(wanted, former?.Wanted ?? 0))
            : former?.Wanted <= granted ? null
            : former;
    }

    private static Task StoreSpendingAsync(IUnitOfWork unit, ExecutionRow execution, long day, long spent) => unit.ExecuteAsync(
        BudgetsSql.StoreSpending, new { ExecutionId = execution.Id, Day = day, execution.RepositoryId, execution.Account, Spent = spent });

    private static long Minute(UsageRow row)
    {
        var at = row.Minute!.Value.Micros();
        return at - (at % TimeSpan.FromMinutes(1).Micros());
    }
}
