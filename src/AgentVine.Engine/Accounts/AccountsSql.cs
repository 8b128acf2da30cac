namespace AgentVine.Engine.Accounts;

internal static class AccountsSql
{
    private const string Columns = """
        a.name, a.kind, a.status, a.cause, a.reason, a.closed_at, a.closed_until, a.is_backoff, a.last_limit_until, a.hits, a.probing_since,
        (select count(*) from executions e where e.organization_id = a.organization_id and e.account = a.name and e.status = 'running') as running,
        (select count(*) from executions e where e.organization_id = a.organization_id and e.account = a.name and e.status = 'running'
            and e.started_at >= a.probing_since) as probes
        """;

    public const string All = $"select {Columns} from accounts a where a.organization_id = @OrganizationId order by a.name";

    public const string Find = $"select {Columns} from accounts a where a.organization_id = @OrganizationId and a.name = @Name";

    /// <summary>Takes the row's lock where the engine has row locks.</summary>
    public const string Lock = "update accounts set status = status where organization_id = @OrganizationId and name = @Name";

    public const string AnyNotPlainlyOpen = """
        select name from accounts where organization_id = @OrganizationId and (status <> 'open' or probing_since is not null) limit 1
        """;

    public const string Insert = """
        insert into accounts (organization_id, name, kind, status, created_at) values (@OrganizationId, @Name, @Kind, 'open', @Now)
        on conflict (organization_id, name) do nothing
        """;

    public const string SetKind = """
        update accounts set kind = @Kind where organization_id = @OrganizationId and name = @Name and kind <> @Kind
        """;

    public const string Close = """
        update accounts set status = @Status, cause = @Cause, reason = @Reason, closed_at = coalesce(closed_at, @Now), closed_until = @Until,
            is_backoff = @IsBackoff, last_limit_until = coalesce(cast(@LimitUntil as bigint), last_limit_until), hits = @Hits, probing_since = null,
            refused_fingerprint = @RefusedFingerprint
        where organization_id = @OrganizationId and name = @Name
        """;

    public const string Open = """
        update accounts set status = 'open', cause = null, reason = null, closed_at = null, closed_until = null, is_backoff = 0,
            hits = @Hits, probing_since = @ProbingSince, refused_fingerprint = null
        where organization_id = @OrganizationId and name = @Name
        """;

    public const string Prove = """
        update accounts set hits = 0, probing_since = null
        where organization_id = @OrganizationId and name = @Name and status = 'open' and (hits > 0 or probing_since is not null)
        and (probing_since is null or probing_since <= @StartedAt)
        """;

    public const string Due = """
        select name from accounts where organization_id = @OrganizationId and status = 'limited' and closed_until <= @Now order by closed_until
        """;

    /// <summary>Accounts under trial on which an attempt that began with the trial wrote something: its model calls were answered.</summary>
    public const string Proven = """
        select a.name from accounts a
        where a.organization_id = @OrganizationId and a.probing_since is not null and exists (
            select 1 from executions e
            join checkpoints c on c.organization_id = e.organization_id and c.execution_id = e.id
            where e.organization_id = a.organization_id and e.account = a.name and e.status = 'running' and e.started_at >= a.probing_since
            and c.cause = 'tool')
        """;

    public const string RefusedFor = """
        select refused_fingerprint from accounts
        where organization_id = @OrganizationId and name = @Name and status = 'closed' and refused_fingerprint is not null
        """;

    public const string InsertChoice = """
        insert into worker_accounts (organization_id, worker_id, worker_name, runtime, position, account, fingerprint)
        values (@OrganizationId, @WorkerId, @WorkerName, @Runtime, @Position, @Account, @Fingerprint)
        """;

    public const string RemoveChoices = "delete from worker_accounts where organization_id = @OrganizationId and worker_id = @WorkerId";

    public const string SetAwake = """
        update worker_accounts set is_awake = @IsAwake where organization_id = @OrganizationId and worker_id = @WorkerId and is_awake <> @IsAwake
        """;

    public const string ChoicesOfWorker = """
        select worker_id, worker_name, runtime, account, fingerprint from worker_accounts
        where organization_id = @OrganizationId and worker_id = @WorkerId order by runtime, position
        """;

    public const string Choices = """
        select worker_id, worker_name, runtime, account, fingerprint, is_awake from worker_accounts
        where organization_id = @OrganizationId order by worker_id, runtime, position
        """;

    public const string Holders = """
        select worker_id, worker_name, runtime, account, fingerprint from worker_accounts
        where organization_id = @OrganizationId and account is not null order by worker_name, runtime
        """;

    public const string SpentOn = """
        select account, sum(spent) as spent from spending
        where organization_id = @OrganizationId and day = @Day and account is not null group by account
        """;
}
