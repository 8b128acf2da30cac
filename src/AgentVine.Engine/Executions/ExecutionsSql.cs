namespace AgentVine.Engine.Executions;

internal static class ExecutionsSql
{
    private const string Columns = """
        id, task_id, repository_id, work_order_id, attempt, worker_id, worker_name, claim_id, lease_token, agent_token, session_id, runtime, status,
        error, result, branch, base_commit, head_commit, diff_stat, output_count, started_at, ended_at,
        checkpoint, resumed_from, resumed_checkpoint, session_from, session_checkpoint, dependencies, merged_base, merged_target, unconfirmed_since,
        stalled_since, account, granted, spent, metered, budget_refused, ready_at
        """;

    public const string Insert = """
        insert into executions (organization_id, id, task_id, repository_id, work_order_id, attempt, worker_id, worker_name, claim_id, lease_token,
            agent_token, runtime, status, started_at, resumed_from, resumed_checkpoint, session_from, session_checkpoint, dependencies, merged_base,
            merged_target, account, ready_at)
        values (@OrganizationId, @Id, @TaskId, @RepositoryId, @WorkOrderId, @Attempt, @WorkerId, @WorkerName, @ClaimId, @LeaseToken,
            @AgentToken, @Runtime, @Status, @StartedAt, @ResumedFrom, @ResumedCheckpoint, @SessionFrom, @SessionCheckpoint, @Dependencies, @MergedBase,
            @MergedTarget, @Account, @ReadyAt)
        on conflict (organization_id, claim_id) do nothing
        """;

    public const string Find = $"select {Columns} from executions where organization_id = @OrganizationId and id = @Id";

    public const string OfClaim = $"select {Columns} from executions where organization_id = @OrganizationId and claim_id = @ClaimId";

    public const string OfWorkOrder = $"""
        select {Columns} from executions where organization_id = @OrganizationId and work_order_id = @WorkOrderId
        """;

    public const string OfTask = $"""
        select {Columns} from executions where organization_id = @OrganizationId and task_id = @TaskId order by attempt, started_at
        """;

    public const string RunningOfWorker = $"""
        select {Columns} from executions where organization_id = @OrganizationId and worker_id = @WorkerId and status = 'running'
        """;

    public const string RefusedOfRepository = $"""
        select {Columns} from executions
        where organization_id = @OrganizationId and repository_id = @RepositoryId and status = 'running' and budget_refused is not null order by id
        """;

    public const string Unconfirm = """
        update executions set unconfirmed_since = @Since
        where organization_id = @OrganizationId and id = @Id and status = 'running' and unconfirmed_since is null
        """;

    public const string Confirm = """
        update executions set unconfirmed_since = null where organization_id = @OrganizationId and id = @Id and unconfirmed_since is not null
        """;

    public const string Stall = """
        update executions set stalled_since = @Since where organization_id = @OrganizationId and id = @Id and status = 'running'
        """;

    public const string BranchOfTask = """
        select head_commit from executions where organization_id = @OrganizationId and task_id = @TaskId and branch is not null
        order by attempt desc limit 1
        """;

    public const string OfAgentToken = $"""
        select {Columns} from executions where organization_id = @OrganizationId and agent_token = @AgentToken
        """;

    private const string Told = """
        told_cost = @ToldCost, told_input = @ToldInput, told_output = @ToldOutput, told_cache_read = @ToldCacheRead, told_cache_write = @ToldCacheWrite
        """;

    public const string End = $"""
        update executions set status = @Status, error = @Error, result = @Result, ended_at = @EndedAt, agent_token = null,
            unconfirmed_since = null, stalled_since = null, {Told}
        where organization_id = @OrganizationId and id = @Id and status = 'running'
        """;

    public const string RecordLate = $"""
        update executions set result = @Result, {Told} where organization_id = @OrganizationId and id = @Id and result is null
        """;

    public const string Spend = """
        update executions set granted = @Granted, spent = @Spent, metered = @Metered, budget_refused = @Refused
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetSession = "update executions set session_id = @SessionId where organization_id = @OrganizationId and id = @Id";

    public const string SetBranch = """
        update executions set branch = @Branch, base_commit = @BaseCommit, head_commit = @HeadCommit, diff_stat = @DiffStat
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetMergedBase = """
        update executions set merged_base = @MergedBase, merged_target = @MergedTarget where organization_id = @OrganizationId and id = @Id
        """;

    /// <summary>Takes the row's lock where the engine has row locks.</summary>
    public const string Lock = "update executions set status = status where organization_id = @OrganizationId and id = @Id";

    public const string Count = "update executions set output_count = @Count where organization_id = @OrganizationId and id = @Id";

    public const string InsertOutput = """
        insert into execution_output (organization_id, execution_id, first_n, last_n, lines)
        values (@OrganizationId, @ExecutionId, @FirstN, @LastN, @Lines)
        """;

    public const string OutputAfter = """
        select lines from execution_output
        where organization_id = @OrganizationId and execution_id = @ExecutionId and last_n > @After
        order by first_n limit @Chunks
        """;
}
