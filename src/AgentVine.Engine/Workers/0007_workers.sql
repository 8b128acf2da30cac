create table workers (
    organization_id text not null references organizations (id),
    id text not null,
    name text not null,
    status text not null,
    status_reason text,
    slots integer not null,
    max_concurrent integer,
    runtimes text not null,
    description text not null,
    last_command bigint not null default 0,
    created_at bigint not null,
    last_seen_at bigint not null,
    deregistered_at bigint,
    primary key (organization_id, id)
);

create unique index workers_name on workers (organization_id, name) where deregistered_at is null;

create table worker_commands (
    organization_id text not null,
    worker_id text not null,
    n bigint not null,
    type text not null,
    execution_id text,
    request_id text,
    message_id text,
    content text,
    created_at bigint not null,
    primary key (organization_id, worker_id, n)
);
