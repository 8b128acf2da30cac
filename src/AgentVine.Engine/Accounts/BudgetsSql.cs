namespace AgentVine.Engine.Accounts;

internal static class BudgetsSql
{
    private const string Reserved = "(case when granted > spent then granted else spent end)";

    /// <summary>Cumulative rows only grow: an older one that is told late changes nothing.</summary>
    public const string StoreUsage = """
        insert into execution_usage (organization_id, execution_id, minute, model, calls, input, output, cache_read, cache_write, cost)
        values (@OrganizationId, @ExecutionId, @Minute, @Model, @Calls, @Input, @Output, @CacheRead, @CacheWrite, @Cost)
        on conflict (organization_id, execution_id, minute, model) do update set calls = excluded.calls, input = excluded.input,
            output = excluded.output, cache_read = excluded.cache_read, cache_write = excluded.cache_write, cost = excluded.cost
        where excluded.calls >= execution_usage.calls and excluded.output >= execution_usage.output and excluded.cost >= execution_usage.cost
        """;

    public const string UsageOf = """
        select minute, model, calls, input, output, cache_read, cache_write, cost from execution_usage
        where organization_id = @OrganizationId and execution_id = @ExecutionId order by minute, model
        """;

    public const string UsageBetween = """
        select coalesce(cast(sum(cost) as bigint), 0) from execution_usage
        where organization_id = @OrganizationId and execution_id = @ExecutionId and minute >= @From and minute < @To
        """;

    public const string StoreSpending = """
        insert into spending (organization_id, execution_id, day, repository_id, account, spent)
        values (@OrganizationId, @ExecutionId, @Day, @RepositoryId, @Account, @Spent)
        on conflict (organization_id, execution_id, day) do update set spent = excluded.spent
        """;

    public const string SpendingOfDayBy = """
        select spent from spending where organization_id = @OrganizationId and day = @Day and execution_id = @ExecutionId
        """;

    private const string Day = "from spending where organization_id = @OrganizationId and day = @Day";

    // What running attempts may yet spend beyond what is metered, and what lost ones may have spent today.
    private const string Outstanding = """
        from executions where organization_id = @OrganizationId and id <> @ExecutionId and (status = 'running' or (status = 'lost' and ended_at >= @Day))
        """;

    /// <summary>What a day's attempts have spent and may yet, of one moment: usage that is stored meanwhile moves from the one sum to the other.</summary>
    public const string SpentOnDay = $"""
        select coalesce((select cast(sum(spent) as bigint) {Day}), 0)
            + coalesce((select cast(sum({Reserved} - metered) as bigint) {Outstanding}), 0)
        """;

    public const string SpentOnDayByRepository = $"""
        select coalesce((select cast(sum(spent) as bigint) {Day} and repository_id = @RepositoryId), 0)
            + coalesce((select cast(sum({Reserved} - metered) as bigint) {Outstanding} and repository_id = @RepositoryId), 0)
        """;

    public const string SpentByTask = $"""
        select coalesce(cast(sum(case when status in ('running', 'lost') then {Reserved} else spent end) as bigint), 0) from executions
        where organization_id = @OrganizationId and id <> @ExecutionId and task_id = @TaskId
        """;

    /// <summary>What others were granted, and are not known to have spent.</summary>
    public const string SetAsideByTask = $"""
        select coalesce(cast(sum({Reserved} - spent) as bigint), 0) from executions
        where organization_id = @OrganizationId and id <> @ExecutionId and task_id = @TaskId and status in ('running', 'lost')
        """;

    public const string SetAsideOnDay = $"select coalesce(cast(sum({Reserved} - spent) as bigint), 0) {Outstanding}";

    public const string SetAsideOnDayByRepository = $"{SetAsideOnDay} and repository_id = @RepositoryId";

    /// <summary>Budgets are granted one question at a time.</summary>
    public const string Lock = """
        insert into budget_locks (organization_id, asked) values (@OrganizationId, 1)
        on conflict (organization_id) do update set asked = budget_locks.asked + 1
        """;
}
