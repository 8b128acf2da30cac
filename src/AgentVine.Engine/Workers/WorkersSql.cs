namespace AgentVine.Engine.Workers;

internal static class WorkersSql
{
    private const string Columns = """
        w.id, w.name, w.status, w.status_reason, w.slots, w.max_concurrent, w.runtimes, w.description, w.created_at, w.last_seen_at,
        w.deregistered_at, w.unconfirmed_since,
        (select count(*) from work_orders o where o.organization_id = w.organization_id and o.worker_id = w.id and o.state = 'leased') as leased
        """;

    public const string Insert = """
        insert into workers (organization_id, id, name, status, slots, max_concurrent, runtimes, description, created_at, last_seen_at)
        values (@OrganizationId, @Id, @Name, 'idle', @Slots, @MaxConcurrent, @Runtimes, @Description, @Now, @Now)
        """;

    public const string Find = $"select {Columns} from workers w where w.organization_id = @OrganizationId and w.id = @Id";

    /// <summary>Takes the row's lock where the engine has row locks.</summary>
    public const string Lock = "update workers set status = status where organization_id = @OrganizationId and id = @Id";

    public const string OfName = $"""
        select {Columns} from workers w where w.organization_id = @OrganizationId and w.name = @Name and w.deregistered_at is null
        """;

    public const string All = $"""
        select {Columns} from workers w where w.organization_id = @OrganizationId and w.deregistered_at is null order by w.name
        """;

    public const string Deregister = """
        update workers set deregistered_at = @Now, status = 'offline', status_reason = @Reason
        where organization_id = @OrganizationId and id = @Id and deregistered_at is null
        """;

    public const string Beat = """
        update workers set status = @Status, status_reason = @StatusReason, last_seen_at = @Now, unconfirmed_since = null
        where organization_id = @OrganizationId and id = @Id and deregistered_at is null
        """;

    public const string SetStatus = """
        update workers set status = @Status, status_reason = @StatusReason
        where organization_id = @OrganizationId and id = @Id and deregistered_at is null
        """;

    /// <summary>It is heard of, from here on where it was not.</summary>
    public const string UpFrom = """
        insert into worker_spans (organization_id, worker_id, up_from)
        select cast(@OrganizationId as text), cast(@Id as text), cast(@At as bigint)
        where not exists (
            select 1 from worker_spans where organization_id = @OrganizationId and worker_id = @Id and up_until is null)
        on conflict (organization_id, worker_id, up_from) do nothing
        """;

    public const string UpUntil = """
        update worker_spans set up_until = case when up_from < @At then @At else up_from end
        where organization_id = @OrganizationId and worker_id = @Id and up_until is null
        """;

    public const string Silent = $"""
        select {Columns} from workers w
        where w.organization_id = @OrganizationId and w.deregistered_at is null and w.status <> 'offline' and w.last_seen_at < @Before
        """;

    public const string Unconfirm = """
        update workers set unconfirmed_since = @Since
        where organization_id = @OrganizationId and id = @Id and deregistered_at is null and unconfirmed_since is null
        """;

    public const string NextCommand = """
        update workers set last_command = last_command + 1 where organization_id = @OrganizationId and id = @Id
        """;

    public const string LastCommand = "select last_command from workers where organization_id = @OrganizationId and id = @Id";

    public const string InsertCommand = """
        insert into worker_commands (organization_id, worker_id, n, type, execution_id, request_id, message_id, content, created_at)
        values (@OrganizationId, @WorkerId, @N, @Type, @ExecutionId, @RequestId, @MessageId, @Content, @CreatedAt)
        """;

    public const string CommandsAfter = """
        select n, type, execution_id, request_id, message_id, content from worker_commands
        where organization_id = @OrganizationId and worker_id = @WorkerId and n > @After order by n limit @Limit
        """;

    public const string AnyAcknowledged = """
        select n from worker_commands where organization_id = @OrganizationId and worker_id = @WorkerId and n <= @After limit 1
        """;

    public const string DeleteAcknowledged = """
        delete from worker_commands where organization_id = @OrganizationId and worker_id = @WorkerId and n <= @After
        """;

    public const string UnacknowledgedCount = """
        select count(*) as orders, min(c.created_at) as oldest_ready from worker_commands c
        join workers w on w.organization_id = c.organization_id and w.id = c.worker_id
        where c.organization_id = @OrganizationId and w.deregistered_at is null and c.type in ('answer', 'message')
        """;
}
