namespace AgentVine.Engine.Tasks;

internal static class TasksSql
{
    private const string Columns = """
        t.id, t.title, t.description, t.task_type, t.priority, t.permission_level, t.status, t.status_reason, t.merge_state,
        t.repository_id, r.url as repository_url, t.branch_name, t.context, t.payload, t.metadata, t.timeout, t.runtime, t.model,
        t.attempt, t.attempts_used, t.max_attempts, t.queue_rank, t.work_branch, t.session_id, t.worker_id, t.execution_id,
        t.resume_execution, t.parent_id, e.unconfirmed_since, e.stalled_since, t.feedback, t.result, t.error, t.created_at, t.updated_at, t.started_at, t.finished_at,
        t.budget, r.daily_budget as repository_budget,
        (select coalesce(cast(sum(s.spent) as bigint), 0) from executions s
            where s.organization_id = t.organization_id and s.task_id = t.id) as spent
        """;

    private const string From = """
        from tasks t join repositories r on r.organization_id = t.organization_id and r.id = t.repository_id
        left join executions e on e.organization_id = t.organization_id and e.id = t.execution_id
        """;

    public const string Insert = """
        insert into tasks (organization_id, id, title, description, task_type, priority, permission_level, status, status_reason,
            merge_state, repository_id, branch_name, context, payload, metadata, timeout, runtime, model, max_attempts, budget, queue_rank,
            parent_id, parent_execution, subtask_key,
            created_at, updated_at)
        values (@OrganizationId, @Id, @Title, @Description, @TaskType, @Priority, @PermissionLevel, @Status, @StatusReason,
            @MergeState, @RepositoryId, @BranchName, @Context, @Payload, @Metadata, @Timeout, @Runtime, @Model, @MaxAttempts, @Budget, @QueueRank,
            @ParentId, @ParentExecution, @SubtaskKey,
            @CreatedAt, @UpdatedAt)
        """;

    public const string InsertDependency = """
        insert into task_dependencies (organization_id, task_id, depends_on_id, position)
        values (@OrganizationId, @TaskId, @DependsOnId, @Position)
        """;

    /// <summary>Takes the row's lock where the engine has row locks, so that what is read next stays true until the commit.</summary>
    public const string Lock = "update tasks set updated_at = updated_at where organization_id = @OrganizationId and id = @Id";

    public const string Find = $"select {Columns} {From} where t.organization_id = @OrganizationId and t.id = @Id";

    public const string Page = $"""
        select {Columns} {From}
        where t.organization_id = @OrganizationId
        and (t.created_at < @BeforeAt or (t.created_at = @BeforeAt and t.id < @BeforeId))
        order by t.created_at desc, t.id desc limit @Limit
        """;

    public const string PageOfStatus = $"""
        select {Columns} {From}
        where t.organization_id = @OrganizationId and t.status = @Status
        and (t.created_at < @BeforeAt or (t.created_at = @BeforeAt and t.id < @BeforeId))
        order by t.created_at desc, t.id desc limit @Limit
        """;

    public const string CreatedAt = "select created_at from tasks where organization_id = @OrganizationId and id = @Id";

    public const string Dependencies = """
        select depends_on_id from task_dependencies where organization_id = @OrganizationId and task_id = @Id order by position
        """;

    public const string Subtasks = "select id from tasks where organization_id = @OrganizationId and parent_id = @Id order by created_at, id";

    public const string Subtask = """
        select id from tasks where organization_id = @OrganizationId and parent_id = @ParentId and subtask_key = @Key
        """;

    public const string SubtasksOfAttempt = """
        select count(*) from tasks where organization_id = @OrganizationId and parent_id = @Id and parent_execution = @ExecutionId
        """;

    public const string SubtasksOfCreatedBetween = """
        select c.parent_id as task_id, c.id as other_id from tasks c
        join tasks t on t.organization_id = c.organization_id and t.id = c.parent_id
        where c.organization_id = @OrganizationId and t.created_at between @Oldest and @Newest
        order by c.created_at, c.id
        """;

    public const string DependenciesCreatedBetween = """
        select d.task_id, d.depends_on_id as other_id from task_dependencies d
        join tasks t on t.organization_id = d.organization_id and t.id = d.task_id
        where d.organization_id = @OrganizationId and t.created_at between @Oldest and @Newest
        order by d.task_id, d.position
        """;

    public const string BlockedDependents = """
        select d.task_id from task_dependencies d
        join tasks t on t.organization_id = d.organization_id and t.id = d.task_id
        where d.organization_id = @OrganizationId and d.depends_on_id = @Id and t.status = 'blocked'
        order by t.queue_rank, d.task_id
        """;

    public const string UnfinishedDependencies = """
        select t.id, t.title, t.status from task_dependencies d
        join tasks t on t.organization_id = d.organization_id and t.id = d.depends_on_id
        where d.organization_id = @OrganizationId and d.task_id = @Id and t.status <> 'completed'
        order by d.position
        """;

    /// <summary>Takes the lock under which it is changed what existing tasks wait for.</summary>
    public const string LockGraph = "update organizations set name = name where id = @OrganizationId";

    public const string DeleteDependencies = "delete from task_dependencies where organization_id = @OrganizationId and task_id = @Id";

    public const string Edit = """
        update tasks set title = @Title, description = @Description, priority = @Priority, timeout = @Timeout, max_attempts = @MaxAttempts,
            model = @Model, metadata = @Metadata, budget = @Budget, queue_rank = @QueueRank, updated_at = @UpdatedAt
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string Update = """
        update tasks set status = @Status, status_reason = @StatusReason, branch_name = @BranchName, attempt = @Attempt,
            attempts_used = @AttemptsUsed, budget = @Budget, queue_rank = @QueueRank, work_branch = @WorkBranch, session_id = @SessionId,
            worker_id = @WorkerId, execution_id = @ExecutionId, resume_execution = @ResumeExecution, feedback = @Feedback, result = @Result, error = @Error,
            updated_at = @UpdatedAt, started_at = @StartedAt, finished_at = @FinishedAt
        where organization_id = @OrganizationId and id = @Id
        """;
}
