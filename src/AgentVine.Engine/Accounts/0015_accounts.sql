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

alter table executions add column account text;

create index executions_of_account on executions (organization_id, account) where status = 'running';
