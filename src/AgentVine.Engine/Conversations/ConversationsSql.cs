namespace AgentVine.Engine.Conversations;

internal static class ConversationsSql
{
    private const string RequestColumns = """
        q.id, q.kind, q.status, q.task_id, t.title as task_title, q.execution_id, q.session_id, q.worker_id, q.asked_through, q.title, q.body,
        q.questions, q.tool, q.asked_at, q.closed_at, q.answer, q.decided_by, q.delivered_at, q.cancel_reason, q.escalates_at, q.escalated_at,
        q.parks_at, q.park_asked_at, q.granted_to, q.grant_used_at, e.status as execution_status, e.ended_at as execution_ended_at,
        e.unconfirmed_since
        """;

    private const string FromRequests = """
        from requests q join tasks t on t.organization_id = q.organization_id and t.id = q.task_id
        left join executions e on e.organization_id = q.organization_id and e.id = q.execution_id
        """;

    private const string MessageColumns = "id, sequence, task_id, execution_id, author, content, created_at, delivered_at";

    public const string InsertRequest = """
        insert into requests (organization_id, id, kind, status, task_id, execution_id, session_id, worker_id, asked_through, title, body,
            questions, tool, asked_at, escalates_at, parks_at, waiter_seen_at)
        values (@OrganizationId, @Id, @Kind, 'open', @TaskId, @ExecutionId, @SessionId, @WorkerId, @AskedThrough, @Title, @Body,
            @Questions, @Tool, @AskedAt, @EscalatesAt, @ParksAt, @AskedAt)
        """;

    public const string FindRequest = $"select {RequestColumns} {FromRequests} where q.organization_id = @OrganizationId and q.id = @Id";

    /// <summary>Takes the row's lock where the engine has row locks.</summary>
    public const string LockRequest = "update requests set status = status where organization_id = @OrganizationId and id = @Id";

    public const string OpenOfExecution = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.execution_id = @ExecutionId and q.status = 'open' order by q.asked_at
        """;

    public const string OpenReviewOfTask = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.task_id = @TaskId and q.kind = 'review' and q.status = 'open'
        """;

    public const string RequestPage = $"""
        select {RequestColumns} {FromRequests} where q.organization_id = @OrganizationId
        and (q.asked_at < @BeforeAt or (q.asked_at = @BeforeAt and q.id < @BeforeId))
        order by q.asked_at desc, q.id desc limit @Limit
        """;

    public const string RequestPageOfStatus = $"""
        select {RequestColumns} {FromRequests} where q.organization_id = @OrganizationId and q.status = @Status
        and (q.asked_at < @BeforeAt or (q.asked_at = @BeforeAt and q.id < @BeforeId))
        order by q.asked_at desc, q.id desc limit @Limit
        """;

    public const string RequestsOfTask = $"""
        select {RequestColumns} {FromRequests} where q.organization_id = @OrganizationId and q.task_id = @TaskId
        order by q.asked_at desc, q.id desc
        """;

    public const string Answer = """
        update requests set status = 'answered', answer = @Answer, decided_by = @DecidedBy, closed_at = @Now, delivered_at = @DeliveredAt
        where organization_id = @OrganizationId and id = @Id and status = 'open'
        """;

    public const string Cancel = """
        update requests set status = 'cancelled', cancel_reason = @Reason, closed_at = @Now
        where organization_id = @OrganizationId and id = @Id and status = 'open'
        """;

    public const string DeliverAnswer = """
        update requests set delivered_at = @Now
        where organization_id = @OrganizationId and id = @Id and status = 'answered' and delivered_at is null
        """;

    public const string DueToEscalate = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.status = 'open' and q.escalated_at is null and q.escalates_at <= @Now
        order by q.escalates_at limit @Limit
        """;

    public const string Escalate = """
        update requests set escalated_at = @Now
        where organization_id = @OrganizationId and id = @Id and status = 'open' and escalated_at is null
        """;

    public const string DueToPark = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.status = 'open' and q.parks_at <= @Now and e.status = 'running'
        order by q.parks_at limit @Limit
        """;

    /// <summary>With the time at which it is asked again, should the worker not have parked the attempt by then.</summary>
    public const string AskToPark = """
        update requests set park_asked_at = @Now, parks_at = @Again
        where organization_id = @OrganizationId and execution_id = @ExecutionId and status = 'open'
        """;

    /// <summary>A worker that cannot park is not asked.</summary>
    public const string NeverPark = """
        update requests set parks_at = null where organization_id = @OrganizationId and execution_id = @ExecutionId and status = 'open'
        """;

    public const string SeeWaiter = "update requests set waiter_seen_at = @Now where organization_id = @OrganizationId and id = @Id";

    public const string Abandoned = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.status = 'open' and q.asked_through = 'mcp' and q.waiter_seen_at < @Before
        and e.status = 'running' limit @Limit
        """;

    public const string OpenOfRunningTools = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.status = 'open' and q.asked_through = 'mcp' and e.status = 'running'
        """;

    /// <summary>Of earlier attempts: answers that no agent has, or the conversation has not, and permissions that a cut attempt has not used.</summary>
    public const string UnheardAnswers = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.task_id = @TaskId and q.status = 'answered' and q.kind <> 'review'
        and q.execution_id <> @ExecutionId
        and (q.delivered_at is null
            or (q.kind <> 'permission' and q.delivered_at > @HeardUntil)
            or (q.granted_to is not null and q.grant_used_at is null and exists (
                select 1 from executions g where g.organization_id = q.organization_id and g.id = q.granted_to
                and g.status in ('interrupted', 'lost', 'parked', 'rate_limited'))))
        order by q.asked_at, q.id
        """;

    /// <summary>Since when a parked attempt had waited.</summary>
    public const string WaitedSince = """
        select min(q.asked_at) from requests q
        join executions e on e.organization_id = q.organization_id and e.id = q.execution_id
        where q.organization_id = @OrganizationId and q.execution_id = @ExecutionId and e.status = 'parked' and q.park_asked_at is not null
        and (q.closed_at is null or q.closed_at >= q.park_asked_at)
        """;

    public const string Grant = """
        update requests set granted_to = @ExecutionId where organization_id = @OrganizationId and id = @Id and grant_used_at is null
        """;

    public const string GrantsOfExecution = $"""
        select {RequestColumns} {FromRequests}
        where q.organization_id = @OrganizationId and q.task_id = @TaskId and q.granted_to = @ExecutionId and q.grant_used_at is null
        order by q.asked_at, q.id
        """;

    public const string UseGrant = """
        update requests set grant_used_at = @Now, delivered_at = coalesce(delivered_at, @Now)
        where organization_id = @OrganizationId and id = @Id and granted_to is not null and grant_used_at is null
        """;

    public const string OpenCount = """
        select count(*) as orders, min(asked_at) as oldest_ready from requests where organization_id = @OrganizationId and status = 'open'
        """;

    /// <summary>Messages are rare: the organization's event counter serialises their numbers too.</summary>
    public const string LockSequence = "update event_counters set last_sequence = last_sequence where organization_id = @OrganizationId";

    public const string LastMessage = "select max(sequence) from messages where organization_id = @OrganizationId";

    public const string NewestOfTask = $"""
        select {MessageColumns} from messages where organization_id = @OrganizationId and task_id = @TaskId order by sequence desc limit 1
        """;

    public const string WrittenBy = """
        select count(*) from messages
        where organization_id = @OrganizationId and task_id = @TaskId and execution_id = @ExecutionId and author = 'agent'
        """;

    public const string InsertMessage = """
        insert into messages (organization_id, id, sequence, task_id, execution_id, author, content, created_at, delivered_at)
        values (@OrganizationId, @Id, @Sequence, @TaskId, @ExecutionId, @Author, @Content, @CreatedAt, @DeliveredAt)
        """;

    public const string FindMessage = $"select {MessageColumns} from messages where organization_id = @OrganizationId and id = @Id";

    public const string MessagesAfter = $"""
        select {MessageColumns} from messages where organization_id = @OrganizationId and sequence > @After order by sequence limit @Limit
        """;

    public const string MessagesOfTaskAfter = $"""
        select {MessageColumns} from messages
        where organization_id = @OrganizationId and task_id = @TaskId and sequence > @After order by sequence limit @Limit
        """;

    public const string UnheardOfTask = $"""
        select {MessageColumns} from messages
        where organization_id = @OrganizationId and task_id = @TaskId and author = 'person' and (delivered_at is null or delivered_at > @HeardUntil)
        order by sequence
        """;

    public const string BindMessage = """
        update messages set execution_id = @ExecutionId where organization_id = @OrganizationId and id = @Id and delivered_at is null
        """;

    public const string DeliverMessage = """
        update messages set delivered_at = @Now where organization_id = @OrganizationId and id = @Id and delivered_at is null
        """;
}
