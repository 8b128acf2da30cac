create table organizations (
    id text not null primary key,
    name text not null,
    created_at bigint not null
);

insert into organizations (id, name, created_at) values ('00000000-0000-7000-8000-000000000001', 'default', 0);

create table event_counters (
    organization_id text not null primary key references organizations (id),
    last_sequence bigint not null,
    pruned_through bigint not null default 0
);

insert into event_counters (organization_id, last_sequence) values ('00000000-0000-7000-8000-000000000001', 0);

create table events (
    organization_id text not null,
    sequence bigint not null,
    type text not null,
    task_id text,
    work_order_id text,
    execution_id text,
    session_id text,
    request_id text,
    worker_id text,
    data text,
    at bigint not null,
    primary key (organization_id, sequence)
);

create index events_task on events (organization_id, task_id, sequence);

create table idempotency_keys (
    organization_id text not null,
    route text not null,
    key text not null,
    body_hash text not null,
    status integer not null,
    location text,
    response text not null,
    created_at bigint not null,
    primary key (organization_id, route, key)
);

create index idempotency_keys_age on idempotency_keys (created_at);
