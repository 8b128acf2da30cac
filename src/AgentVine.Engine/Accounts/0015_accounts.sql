create table accounts (
    organization_id text not null references organizations (id),
    name text not null,
    kind text not null,
    status text not null,
    cause text,
    reason text,
    closed_at bigint,
    closed_until bigint,
    is_backoff integer not null default 0,
    last_limit_until bigint,
    hits integer not null default 0,
    probing_since bigint,
    refused_fingerprint text,
    created_at bigint not null,
    primary key (organization_id, name)
);

create index accounts_limited on accounts (closed_until) where status = 'limited';

create table worker_accounts (
    organization_id text not null,
    worker_id text not null,
    worker_name text not null,
    runtime text not null,
    position integer not null,
    account text,
    fingerprint text,
    is_awake integer not null default 1,
    primary key (organization_id, worker_id, runtime, position)
);

-- Workers that are there have none: what only they take is not held back by the accounts of others.
insert into worker_accounts (organization_id, worker_id, worker_name, runtime, position, is_awake)
select w.organization_id, w.id, w.name, r.runtime, 0, case when w.status in ('draining', 'offline') then 0 else 1 end
from workers w
join (select 'claude-code' as runtime union all select 'command' union all select 'rehearsal') r on w.runtimes like '%"' || r.runtime || '"%'
where w.deregistered_at is null;

alter table executions add column account text;

create index executions_of_account on executions (organization_id, account) where status = 'running';
