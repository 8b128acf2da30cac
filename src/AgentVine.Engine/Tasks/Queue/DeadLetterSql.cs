namespace AgentVine.Engine.Tasks.Queue;

internal static class DeadLetterSql
{
    private const string Columns = """
        sequence, id, task_id, repository_id, queue, lane, rank, state, execution_id, dead_at, cause
        """;

    public const string Find = $"""
        select {Columns} from work_orders where organization_id = @OrganizationId and task_id = @TaskId and state = 'dead'
        """;

    public const string Page = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and state = 'dead'
        and (dead_at < @BeforeAt or (dead_at = @BeforeAt and sequence < @BeforeSequence))
        order by dead_at desc, sequence desc limit @Limit
        """;

    public const string PageOfCause = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and state = 'dead' and cause = @Cause
        and (dead_at < @BeforeAt or (dead_at = @BeforeAt and sequence < @BeforeSequence))
        order by dead_at desc, sequence desc limit @Limit
        """;

    public const string Due = $"""
        select {Columns} from work_orders where organization_id = @OrganizationId and state = 'dead' and dead_at <= @DeadAt
        order by dead_at limit @Limit
        """;

    /// <summary>Takes the row's lock while it is dead.</summary>
    public const string Lock = """
        update work_orders set state = state where organization_id = @OrganizationId and id = @Id and state = 'dead'
        """;
}
