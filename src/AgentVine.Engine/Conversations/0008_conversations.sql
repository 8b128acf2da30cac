create table requests (
    organization_id text not null references organizations (id),
    id text not null,
    kind text not null,
    status text not null,
    task_id text not null,
    execution_id text,
    session_id text,
    worker_id text,
    asked_through text not null,
    title text not null,
    body text,
    questions text,
    tool text,
    asked_at bigint not null,
    closed_at bigint,
    answer text,
    decided_by text,
    delivered_at bigint,
    cancel_reason text,
    primary key (organization_id, id)
);

create index requests_open on requests (organization_id, asked_at) where status = 'open';
create index requests_task on requests (organization_id, task_id, asked_at);
create index requests_age on requests (organization_id, asked_at);
create index requests_execution on requests (organization_id, execution_id);

create table messages (
    organization_id text not null references organizations (id),
    id text not null,
    sequence bigint not null,
    task_id text not null,
    execution_id text,
    author text not null,
    content text not null,
    created_at bigint not null,
    delivered_at bigint,
    primary key (organization_id, id)
);

create unique index messages_sequence on messages (organization_id, sequence);
create index messages_task on messages (organization_id, task_id, sequence);
create index messages_undelivered on messages (organization_id, task_id) where delivered_at is null and author = 'person';
