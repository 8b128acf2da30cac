namespace AgentVine.Engine.Sessions;

internal static class SessionsSql
{
    private const string Columns = """
        id, session_id, task_id, execution_id, worker_id, runtime, model, status, end_reason, cost_usd, created_at, last_activity_at
        """;

    public const string Insert = """
        insert into sessions (organization_id, id, session_id, task_id, execution_id, worker_id, runtime, model, status, created_at, last_activity_at)
        values (@OrganizationId, @Id, @SessionId, @TaskId, @ExecutionId, @WorkerId, @Runtime, @Model, 'active', @CreatedAt, @CreatedAt)
        """;

    public const string Find = $"select {Columns} from sessions where organization_id = @OrganizationId and id = @Id";

    public const string OfExecution = $"""
        select {Columns} from sessions where organization_id = @OrganizationId and execution_id = @ExecutionId
        """;

    public const string Page = $"""
        select {Columns} from sessions where organization_id = @OrganizationId
        and (created_at < @BeforeAt or (created_at = @BeforeAt and id < @BeforeId))
        order by created_at desc, id desc limit @Limit
        """;

    public const string PageOfStatus = $"""
        select {Columns} from sessions where organization_id = @OrganizationId and status = @Status
        and (created_at < @BeforeAt or (created_at = @BeforeAt and id < @BeforeId))
        order by created_at desc, id desc limit @Limit
        """;

    public const string OfTask = $"""
        select {Columns} from sessions where organization_id = @OrganizationId and task_id = @TaskId order by created_at desc, id desc
        """;

    public const string Rename = """
        update sessions set session_id = @SessionId, model = @Model, last_activity_at = @Now
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string SetStatus = """
        update sessions set status = @Status, last_activity_at = @Now
        where organization_id = @OrganizationId and execution_id = @ExecutionId and status <> 'terminated' and status <> @Status
        """;

    public const string Touch = """
        update sessions set last_activity_at = @At
        where organization_id = @OrganizationId and execution_id = @ExecutionId and last_activity_at < @At
        """;

    public const string End = """
        update sessions set status = 'terminated', end_reason = @Reason, cost_usd = @CostUsd, last_activity_at = @Now
        where organization_id = @OrganizationId and execution_id = @ExecutionId and status <> 'terminated'
        """;
}
