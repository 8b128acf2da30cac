namespace AgentVine.Engine.Sessions;

internal static class SessionsSql
{
    private const string Columns = """
        s.id, s.session_id, s.task_id, s.execution_id, s.worker_id, s.runtime, s.model, s.status, s.end_reason, s.cost_usd, s.cost_before,
        s.context_tokens, s.context_window, s.tasks_served, s.repository_id, s.task_type, s.permission_level, s.asked_model, s.is_free,
        s.checkpoint_execution, s.checkpoint_n, s.created_at, s.last_activity_at,
        (select e.unconfirmed_since from executions e where e.organization_id = s.organization_id and e.id = s.execution_id) as unconfirmed_since
        """;

    public const string Insert = """
        insert into sessions (organization_id, id, session_id, task_id, execution_id, worker_id, runtime, model, status, repository_id, task_type,
            permission_level, asked_model, created_at, last_activity_at)
        values (@OrganizationId, @Id, @SessionId, @TaskId, @ExecutionId, @WorkerId, @Runtime, @Model, 'active', @RepositoryId, @TaskType,
            @PermissionLevel, @AskedModel, @CreatedAt, @CreatedAt)
        """;

    public const string Find = $"select {Columns} from sessions s where s.organization_id = @OrganizationId and s.id = @Id";

    /// <summary>The newest: one that was ended in the course of an attempt may be followed by another.</summary>
    public const string OfExecution = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId and s.execution_id = @ExecutionId
        order by case when s.status = 'terminated' then 1 else 0 end, s.created_at desc, s.id desc limit 1
        """;

    public const string OfAgentId = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId and s.session_id = @SessionId
        order by s.created_at desc, s.id desc limit 1
        """;

    public const string Page = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId
        and (s.created_at < @BeforeAt or (s.created_at = @BeforeAt and s.id < @BeforeId))
        order by s.created_at desc, s.id desc limit @Limit
        """;

    public const string PageOfStatus = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId and s.status = @Status
        and (s.created_at < @BeforeAt or (s.created_at = @BeforeAt and s.id < @BeforeId))
        order by s.created_at desc, s.id desc limit @Limit
        """;

    public const string OfTask = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId and s.task_id = @TaskId order by s.created_at desc, s.id desc
        """;

    public const string KeptOfTask = $"""
        select {Columns} from sessions s
        where s.organization_id = @OrganizationId and s.task_id = @TaskId and s.status in ('idle', 'waiting')
        and not exists (
            select 1 from executions e where e.organization_id = s.organization_id and e.id = s.execution_id and e.status = 'running')
        """;

    public const string AllFree = $"""
        select {Columns} from sessions s where s.organization_id = @OrganizationId and s.is_free = 1 order by s.last_activity_at desc
        """;

    /// <summary>The dialect appends how to pass over rows that another claim holds.</summary>
    public const string Similar = $"""
        select {Columns} from sessions s
        where s.organization_id = @OrganizationId and s.is_free = 1 and s.repository_id = @RepositoryId and s.task_type = @TaskType
        and s.permission_level = @PermissionLevel and s.runtime = @Runtime and coalesce(s.asked_model, '') = @Model
        and s.created_at > @CreatedAfter and s.last_activity_at > @ActiveAfter
        order by case when s.worker_id = @WorkerId then 0 else 1 end, s.last_activity_at desc limit 1
        """;

    public const string Rename = """
        update sessions set session_id = @SessionId, model = @Model, last_activity_at = @Now,
            checkpoint_execution = case when session_id = @SessionId then checkpoint_execution end,
            checkpoint_n = case when session_id = @SessionId then checkpoint_n end
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string Move = """
        update sessions set task_id = @TaskId, execution_id = @ExecutionId, worker_id = @WorkerId, status = 'active', end_reason = null, is_free = 0,
            tasks_served = @TasksServed, cost_before = cost_usd, last_activity_at = @Now
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string Beat = """
        update sessions set context_tokens = @ContextTokens, context_window = @ContextWindow, cost_usd = @CostUsd,
            last_activity_at = case when last_activity_at < @At then @At else last_activity_at end
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetCost = "update sessions set cost_usd = @CostUsd where organization_id = @OrganizationId and id = @Id";

    public const string SetStatus = """
        update sessions set status = @Status, last_activity_at = @Now
        where organization_id = @OrganizationId and execution_id = @ExecutionId and status <> 'terminated' and status <> @Status
        """;

    public const string Touch = """
        update sessions set last_activity_at = @At
        where organization_id = @OrganizationId and execution_id = @ExecutionId and status <> 'terminated' and last_activity_at < @At
        """;

    public const string NoteCheckpoint = """
        update sessions set checkpoint_execution = @ExecutionId, checkpoint_n = @N
        where organization_id = @OrganizationId and execution_id = @ExecutionId and session_id = @SessionId
        and (checkpoint_execution is null or checkpoint_execution <> @ExecutionId or checkpoint_n < @N)
        """;

    public const string Keep = """
        update sessions set status = @Status, cost_usd = @CostUsd, last_activity_at = @Now
        where organization_id = @OrganizationId and id = @Id and status <> 'terminated'
        """;

    public const string Free = """
        update sessions set is_free = 1, status = 'idle', last_activity_at = @Now
        where organization_id = @OrganizationId and id = @Id and status in ('idle', 'waiting')
        """;

    /// <summary>Not where another attempt has it by now.</summary>
    public const string End = """
        update sessions set status = 'terminated', end_reason = @Reason, is_free = 0, last_activity_at = @Now
        where organization_id = @OrganizationId and id = @Id and execution_id = @ExecutionId and status <> 'terminated'
        """;
}
