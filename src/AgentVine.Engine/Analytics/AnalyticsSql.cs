namespace AgentVine.Engine.Analytics;

/// <summary>
/// Facts of a half-open range by bucket and group. Distributions are ranked by the database: the percentile of p is the value of nearest
/// rank, the smallest that p percent of all do not exceed.
/// </summary>
internal static class AnalyticsSql
{
    private const string RankOpen = """
        select bucket, grp, max(items) as items, cast(sum(v) as bigint) as total,
            max(case when place = (items * 50 + 99) / 100 then v end) as p50,
            max(case when place = (items * 95 + 99) / 100 then v end) as p95, max(v) as longest
        from (
            select bucket, grp, v, row_number() over (partition by bucket, grp order by v) as place,
                count(*) over (partition by bucket, grp) as items
            from (
        """;

    private const string RankClose = ") facts) ranked group by bucket, grp order by bucket";

    private const string CountOpen = "select bucket, grp, kind, count(*) as items from (";

    private const string CountClose = ") facts group by bucket, grp, kind order by bucket";

    private const string ModelOfAttempt = """
        (select max(s.model) from sessions s where s.organization_id = e.organization_id and s.session_id = e.session_id)
        """;

    private const string GroupOfAttempt = $"""
        case cast(@Group as text) when 'repository' then r.url when 'runtime' then e.runtime when 'worker' then e.worker_name
            when 'priority' then t.priority when 'account' then coalesce(e.account, '') when 'model' then coalesce({ModelOfAttempt}, '') else '' end
        """;

    private const string TaskOfAttempt = """
        join tasks t on t.organization_id = e.organization_id and t.id = e.task_id
        join repositories r on r.organization_id = e.organization_id and r.id = e.repository_id
        """;

    private const string Attempts = $"from executions e {TaskOfAttempt} where e.organization_id = @OrganizationId";

    private const string GroupOfOutcome = """
        case cast(@Group as text) when 'repository' then r.url when 'runtime' then t.runtime when 'priority' then t.priority
            when 'worker' then coalesce(e.worker_name, '') when 'account' then coalesce(e.account, '') else '' end
        """;

    private const string Outcomes = """
        from task_outcomes o
        join tasks t on t.organization_id = o.organization_id and t.id = o.task_id
        join repositories r on r.organization_id = t.organization_id and r.id = t.repository_id
        left join executions e on e.organization_id = o.organization_id and e.id = o.execution_id
        where o.organization_id = @OrganizationId and o.at >= @From and o.at < @To
        """;

    private const string GroupOfSession = """
        case cast(@Group as text) when 'repository' then coalesce(r.url, '') when 'runtime' then s.runtime when 'worker' then coalesce(w.name, '')
            when 'model' then coalesce(s.model, '') when 'end_reason' then coalesce(s.end_reason, '') else '' end
        """;

    private const string EndedSessions = """
        from sessions s
        left join repositories r on r.organization_id = s.organization_id and r.id = s.repository_id
        left join workers w on w.organization_id = s.organization_id and w.id = s.worker_id
        where s.organization_id = @OrganizationId and s.status = 'terminated' and s.last_activity_at >= @From and s.last_activity_at < @To
        """;

    private const string GroupOfRequest = """
        case cast(@Group as text) when 'repository' then r.url when 'runtime' then t.runtime when 'priority' then t.priority
            when 'worker' then coalesce(w.name, '') else '' end
        """;

    private const string Requests = """
        from requests q
        join tasks t on t.organization_id = q.organization_id and t.id = q.task_id
        join repositories r on r.organization_id = t.organization_id and r.id = t.repository_id
        left join workers w on w.organization_id = q.organization_id and w.id = q.worker_id
        where q.organization_id = @OrganizationId
        """;

    public const string ClaimLatency = $"""
        {RankOpen}
        select (e.started_at - @Origin) / @Width as bucket, {GroupOfAttempt} as grp, e.started_at - e.ready_at as v
        {Attempts} and e.started_at >= @From and e.started_at < @To and e.ready_at is not null
        {RankClose}
        """;

    public const string ClaimToComplete = $"""
        {RankOpen}
        select (e.ended_at - @Origin) / @Width as bucket, {GroupOfAttempt} as grp, e.ended_at - e.started_at as v
        {Attempts} and e.ended_at >= @From and e.ended_at < @To and e.status = 'completed'
        {RankClose}
        """;

    public const string AttemptsEnded = $"""
        {CountOpen}
        select (e.ended_at - @Origin) / @Width as bucket, {GroupOfAttempt} as grp, e.status as kind
        {Attempts} and e.ended_at >= @From and e.ended_at < @To
        {CountClose}
        """;

    public const string TasksEnded = $"""
        {CountOpen}
        select (o.at - @Origin) / @Width as bucket, {GroupOfOutcome} as grp, o.status as kind {Outcomes}
        {CountClose}
        """;

    /// <summary>A task that ended twice in a bucket has one conversation.</summary>
    public const string MessagesOfEnded = $"""
        select bucket, grp, count(*) as items, cast(sum(messages) as bigint) as total
        from (
            select bucket, grp, task_id,
                (select count(*) from messages m where m.organization_id = @OrganizationId and m.task_id = ended.task_id) as messages
            from (select distinct (o.at - @Origin) / @Width as bucket, {GroupOfOutcome} as grp, o.task_id {Outcomes}) ended
        ) facts group by bucket, grp order by bucket
        """;

    public const string SessionDuration = $"""
        {RankOpen}
        select (s.last_activity_at - @Origin) / @Width as bucket, {GroupOfSession} as grp, s.last_activity_at - s.created_at as v {EndedSessions}
        {RankClose}
        """;

    public const string SessionsEnded = $"""
        {CountOpen}
        select (s.last_activity_at - @Origin) / @Width as bucket, {GroupOfSession} as grp, coalesce(s.end_reason, '') as kind {EndedSessions}
        {CountClose}
        """;

    public const string SessionsReused = $"""
        {CountOpen}
        select (s.last_activity_at - @Origin) / @Width as bucket, {GroupOfSession} as grp,
            case when s.tasks_served > 1 then 'reused' else 'single' end as kind {EndedSessions}
        {CountClose}
        """;

    public const string RequestsAsked = $"""
        {CountOpen}
        select (q.asked_at - @Origin) / @Width as bucket, {GroupOfRequest} as grp, q.kind as kind
        {Requests} and q.asked_at >= @From and q.asked_at < @To
        {CountClose}
        """;

    public const string ResponseTime = $"""
        {RankOpen}
        select (q.closed_at - @Origin) / @Width as bucket, {GroupOfRequest} as grp, q.closed_at - q.asked_at as v
        {Requests} and q.status = 'answered' and q.closed_at >= @From and q.closed_at < @To
        {RankClose}
        """;

    /// <summary>What was metered by the minute; of attempts that were not, what their agent program told at the end.</summary>
    public const string Usage = $"""
        select bucket, grp, cast(sum(input) as bigint) as input, cast(sum(output) as bigint) as output, cast(sum(cache_read) as bigint) as cache_read,
            cast(sum(cache_write) as bigint) as cache_write, cast(sum(cost) as bigint) as cost
        from (
            select (u.minute - @Origin) / @Width as bucket,
                case cast(@Group as text) when 'model' then u.model else {GroupOfAttempt} end as grp,
                u.input, u.output, u.cache_read, u.cache_write, u.cost
            from execution_usage u join executions e on e.organization_id = u.organization_id and e.id = u.execution_id {TaskOfAttempt}
            where u.organization_id = @OrganizationId and u.minute >= @From and u.minute < @To
            union all
            select (e.ended_at - @Origin) / @Width as bucket, {GroupOfAttempt} as grp,
                coalesce(e.told_input, 0), coalesce(e.told_output, 0), coalesce(e.told_cache_read, 0), coalesce(e.told_cache_write, 0),
                coalesce(e.told_cost, 0)
            {Attempts} and e.ended_at >= @From and e.ended_at < @To and (e.told_cost is not null or e.told_input is not null)
            and not exists (select 1 from execution_usage u where u.organization_id = e.organization_id and u.execution_id = e.id)
        ) facts group by bucket, grp order by bucket
        """;

    /// <summary>Attempts that ran at some moment of the range.</summary>
    public const string Runs = $"""
        select e.worker_id, {GroupOfAttempt} as grp, case when e.session_id is null then 0 else 1 end as has_session, e.started_at as began, e.ended_at as ended
        {Attempts} and e.ended_at > @From and e.started_at < @To
        union all
        select e.worker_id, {GroupOfAttempt} as grp, case when e.session_id is null then 0 else 1 end as has_session, e.started_at as began, e.ended_at as ended
        {Attempts} and e.status = 'running' and e.started_at < @To
        limit @Limit
        """;

    public const string RunningSessions = $"""
        {CountOpen}
        select 0 as bucket, {GroupOfAttempt} as grp, 'running' as kind {Attempts} and e.status = 'running' and e.session_id is not null
        {CountClose}
        """;

    /// <summary>When workers were heard of.</summary>
    public const string WorkersUp = """
        select p.worker_id, w.name as grp, w.slots, p.up_from as began, p.up_until as ended
        from worker_spans p join workers w on w.organization_id = p.organization_id and w.id = p.worker_id
        where p.organization_id = @OrganizationId and p.up_from < @To and (p.up_until is null or p.up_until > @From)
        limit @Limit
        """;

    public const string WorkersRegistered = """
        select w.id as worker_id, w.name as grp, w.slots, w.created_at as began, w.deregistered_at as ended from workers w
        where w.organization_id = @OrganizationId and w.created_at < @To and (w.deregistered_at is null or w.deregistered_at > @From)
        limit @Limit
        """;

    public const string Depths = """
        select (at - @Origin) / @Width as bucket, queue as grp, count(*) as samples, cast(sum(ready) as bigint) as ready,
            cast(sum(held) as bigint) as held, cast(sum(delayed) as bigint) as delayed, cast(sum(leased) as bigint) as leased,
            cast(sum(dead) as bigint) as dead, max(ready) as most_ready
        from queue_samples where organization_id = @OrganizationId and at >= @From and at < @To
        group by (at - @Origin) / @Width, queue order by 1
        """;

    public const string InsertSample = """
        insert into queue_samples (organization_id, at, queue, ready, held, delayed, leased, dead)
        values (@OrganizationId, @At, @Name, @Ready, @Held, @Delayed, @Leased, @Dead)
        on conflict (organization_id, at, queue) do nothing
        """;

    public const string DeleteSamples = "delete from queue_samples where organization_id = @OrganizationId and at < @Before";

    public const string InsertOutcome = """
        insert into task_outcomes (organization_id, at, task_id, status, execution_id)
        values (@OrganizationId, @Now, @TaskId, @Status, @ExecutionId)
        on conflict (organization_id, at, task_id, status) do nothing
        """;
}
