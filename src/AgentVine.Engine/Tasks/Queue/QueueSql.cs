namespace AgentVine.Engine.Tasks.Queue;

internal static class QueueSql
{
    private const string Columns = """
        sequence, id, task_id, repository_id, queue, lane, rank, state, held_reason, available_at, ready_at, worker_id, execution_id,
        lease_expires_at
        """;

    public const string Insert = """
        insert into work_orders (organization_id, id, task_id, repository_id, queue, lane, rank, state, held_reason, available_at, ready_at)
        values (@OrganizationId, @Id, @TaskId, @RepositoryId, @Queue, @Lane, @Rank, @State, @HeldReason, @AvailableAt, @ReadyAt)
        """;

    public const string Find = $"select {Columns} from work_orders where organization_id = @OrganizationId and id = @Id";

    public const string OfTask = $"select {Columns} from work_orders where organization_id = @OrganizationId and task_id = @TaskId";

    /// <summary>The next order of a lane; the dialect appends how to pass over rows that another claim holds.</summary>
    public const string HeadOfLane = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and lane = @Lane and state = 'ready'
        order by rank, sequence limit 1
        """;

    public const string Lease = """
        update work_orders set state = 'leased', worker_id = @WorkerId, execution_id = @ExecutionId, lease_expires_at = @LeaseExpiresAt,
            ready_at = null
        where organization_id = @OrganizationId and id = @Id and state = 'ready'
        """;

    public const string Renew = """
        update work_orders set lease_expires_at = @LeaseExpiresAt
        where organization_id = @OrganizationId and id = @Id and sequence = @LeaseToken and worker_id = @WorkerId and state = 'leased'
        """;

    public const string LockLeased = """
        update work_orders set state = state
        where organization_id = @OrganizationId and id = @Id and sequence = @LeaseToken and state = 'leased'
        """;

    public const string LockOfTask = "update work_orders set state = state where organization_id = @OrganizationId and task_id = @TaskId";

    public const string Delete = "delete from work_orders where organization_id = @OrganizationId and id = @Id";

    public const string Bury = """
        update work_orders set state = 'dead', worker_id = null, lease_expires_at = null, dead_at = @Now, cause = @Cause
        where organization_id = @OrganizationId and id = @Id
        """;

    public const string Expired = $"""
        select {Columns} from work_orders where organization_id = @OrganizationId and state = 'leased' and lease_expires_at <= @LeaseNow
        order by lease_expires_at limit @Limit
        """;

    public const string Rearm = """
        update work_orders set lease_expires_at = @LeaseExpiresAt where organization_id = @OrganizationId and state = 'leased'
        """;

    public const string LeasedToWorker = $"""
        select {Columns} from work_orders where organization_id = @OrganizationId and worker_id = @WorkerId and state = 'leased'
        order by sequence
        """;

    public const string LeasedCount = """
        select count(*) from work_orders where organization_id = @OrganizationId and worker_id = @WorkerId and state = 'leased'
        """;

    /// <summary>Takes the repository's row lock where the engine has them: its places are counted and given one unit at a time.</summary>
    public const string LockRepository = """
        update repositories set max_concurrent = max_concurrent where organization_id = @OrganizationId and id = @RepositoryId
        """;

    public const string RepositoryLimit = """
        select max_concurrent from repositories where organization_id = @OrganizationId and id = @RepositoryId
        """;

    public const string Occupied = """
        select count(*) from work_orders
        where organization_id = @OrganizationId and repository_id = @RepositoryId and state in ('ready', 'leased')
        """;

    public const string LastReadyOfRepository = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and repository_id = @RepositoryId and state = 'ready'
        order by rank desc, sequence desc limit 1
        """;

    public const string FirstHeldOfRepository = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and repository_id = @RepositoryId and state = 'held' and held_reason = 'repository'
        order by rank, sequence limit 1
        """;

    /// <summary>To another place in the queue, of an order that no worker has.</summary>
    public const string Move = """
        update work_orders set queue = @Queue, lane = @Lane, rank = @Rank
        where organization_id = @OrganizationId and id = @Id and state <> 'leased'
        """;

    public const string Hold = """
        update work_orders set state = 'held', held_reason = 'repository', ready_at = null
        where organization_id = @OrganizationId and id = @Id and state = 'ready'
        """;

    public const string MakeReady = """
        update work_orders set state = 'ready', held_reason = null, available_at = null, ready_at = @Now
        where organization_id = @OrganizationId and id = @Id and state = 'held'
        """;

    public const string HoldForRepository = """
        update work_orders set held_reason = 'repository', available_at = null
        where organization_id = @OrganizationId and id = @Id and state = 'held'
        """;

    public const string Due = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and held_reason = 'delay' and available_at <= @Now
        order by available_at limit @Limit
        """;

    /// <summary>Takes the row's lock while it is delayed.</summary>
    public const string LockDelayed = """
        update work_orders set state = state where organization_id = @OrganizationId and id = @Id and held_reason = 'delay'
        """;

    public const string DelayedOfRepository = $"""
        select {Columns} from work_orders
        where organization_id = @OrganizationId and repository_id = @RepositoryId and held_reason = 'delay' order by sequence
        """;

    public const string MakeDue = "update work_orders set available_at = @Now where organization_id = @OrganizationId and id = @Id and held_reason = 'delay'";

    public const string Depths = """
        select queue, lane, state, held_reason, count(*) as orders, min(ready_at) as oldest_ready
        from work_orders where organization_id = @OrganizationId group by queue, lane, state, held_reason
        """;

    /// <summary>Of the tasks that were created in a span, those that wait for a time.</summary>
    public const string DelayedTasks = """
        select w.task_id from tasks t join work_orders w on w.organization_id = t.organization_id and w.task_id = t.id
        where t.organization_id = @OrganizationId and t.created_at between @Oldest and @Newest and w.held_reason = 'delay'
        """;

    /// <summary>
    /// Of the tasks that were created in a span, those that wait for a place in a repository, each with the lanes of the work that is
    /// offered from there: a repository that has no place left offers no more than it has places.
    /// </summary>
    public const string HeldByLanes = """
        select distinct held.task_id, ready.lane from tasks t
        join work_orders held on held.organization_id = t.organization_id and held.task_id = t.id
        join work_orders ready on ready.organization_id = held.organization_id and ready.repository_id = held.repository_id and ready.state = 'ready'
        where t.organization_id = @OrganizationId and t.created_at between @Oldest and @Newest and held.held_reason = 'repository'
        """;
}
